namespace Gateway.ContainerSupervisor.When;

/// <summary>A lock as it is kept on disk. Both times are kept: what is left after a restart is never more than what was asked for, whatever the clock says.</summary>
/// <param name="Owner">Whose it is.</param>
/// <param name="Reason">For people, or null.</param>
/// <param name="Taken">When it was taken.</param>
/// <param name="Until">When it ends.</param>
internal sealed record HeldLock(string Owner, string? Reason, DateTimeOffset Taken, DateTimeOffset Until)
{
    /// <summary>What is left of it after a restart at this time; zero or less when it is over.</summary>
    public TimeSpan LeftAt(DateTimeOffset now) =>
        // Before it was taken: the clock has been set back, or there is none that outlives a power cut.
        now < Taken ? Until - Taken : Until - now;
}
