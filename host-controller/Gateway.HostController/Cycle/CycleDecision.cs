using Gateway.HostController.Configuration;

namespace Gateway.HostController.Cycle;

/// <summary>Whether the playbook in force is applied now. Pure.</summary>
/// <param name="Apply">Whether.</param>
/// <param name="Why">For the log.</param>
internal readonly record struct CycleDecision(bool Apply, string Why)
{
    /// <summary>Decides.</summary>
    /// <param name="sha256">The playbook in force.</param>
    /// <param name="applied">What was last applied to its end; a run that was cut off leaves none of this playbook.</param>
    /// <param name="reapply">As configured.</param>
    /// <param name="force">Whether a person asked for it.</param>
    /// <param name="now">The system clock.</param>
    public static CycleDecision Of(string sha256, AppliedRecord? applied, Reapply reapply, bool force, DateTimeOffset now)
    {
        if (applied is null || applied.Sha256 != sha256)
        {
            return new(true, "it has not been applied to its end yet");
        }

        if (force)
        {
            return new(true, "--force");
        }

        if (reapply == Reapply.Changed)
        {
            return new(false, "it has been applied, and reapply is 'changed'");
        }

        // A clock that was set back must not stop the repairs.
        var due = applied.At > now || now - applied.At >= reapply.After;
        return new(due, due ? $"reapply is '{reapply}'" : $"it was applied at {applied.At:u}, and reapply is '{reapply}'");
    }
}
