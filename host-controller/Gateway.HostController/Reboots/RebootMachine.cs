namespace Gateway.HostController.Reboots;

/// <summary>What is to be done with a run that begins.</summary>
internal enum RebootVerdict
{
    /// <summary>It begins at its beginning.</summary>
    Anew,

    /// <summary>It begins at its beginning: another one, that stopped for a reboot, is not gone on with any more.</summary>
    Superseded,

    /// <summary>It goes on where it stopped.</summary>
    Resume,

    /// <summary>The boot never came: it is asked for again.</summary>
    RebootAgain,

    /// <summary>The boot never came, however often it was asked for.</summary>
    NeverBooted,

    /// <summary>Going on was cut off again and again: a task after the reboot may bring the machine down.</summary>
    CutOff,
}

/// <summary>
/// What happens to a run that asks for a reboot: pure, so that each point at which the power may go can be tested. What it
/// returns is saved before anything is done. A boot loop ends: attempts and reboots are counted in the record.
/// </summary>
internal static class RebootMachine
{
    /// <summary>How often a boot that never comes is asked for, and how often a run that is cut off goes on.</summary>
    public const int MostAttempts = 3;

    /// <summary>How many reboots a playbook gets before a run of it ends without one.</summary>
    public const int MostReboots = 5;

    /// <summary>A task of a run asks for a reboot; null when that would be a loop.</summary>
    public static RebootRecord? Ask(RebootRecord record, PendingReboot wanted)
    {
        var before = record.Asked?.Sha256 == wanted.Run.Sha256 ? record.Asked.Count : 0;
        return before >= MostReboots ? null : record with { Pending = wanted, Asked = new RebootCount(wanted.Run.Sha256, before + 1) };
    }

    /// <summary>A run begins: whether it is the one that stopped, and what its boot came to.</summary>
    public static (RebootRecord Record, RebootVerdict Verdict) Begin(RebootRecord record, RunKey run, string bootId)
    {
        if (record.Pending is not { } pending || pending.Run.Stream != run.Stream)
        {
            return (record, RebootVerdict.Anew);
        }

        if (pending.Run != run)
        {
            return (record with { Pending = null }, RebootVerdict.Superseded);
        }

        var booted = pending.BootId != bootId;
        return pending.Phase switch
        {
            RebootPhase.Rebooting when booted => (record with { Pending = pending with { Phase = RebootPhase.Resuming, BootId = bootId, Attempts = 1 } }, RebootVerdict.Resume),
            RebootPhase.Rebooting => Again(record, pending, RebootVerdict.RebootAgain, RebootVerdict.NeverBooted),
            _ => Again(record, pending with { BootId = bootId }, RebootVerdict.Resume, RebootVerdict.CutOff),
        };
    }

    /// <summary>A run ended, well or not.</summary>
    /// <param name="record">What is kept.</param>
    /// <param name="run">Which run.</param>
    /// <param name="rebooted">Whether it asked for a reboot, before a boot or since.</param>
    public static RebootRecord End(RebootRecord record, RunKey run, bool rebooted) => record with
    {
        Pending = record.Pending?.Run == run ? null : record.Pending,
        Asked = !rebooted && record.Asked?.Sha256 == run.Sha256 ? null : record.Asked,
    };

    private static (RebootRecord Record, RebootVerdict Verdict) Again(RebootRecord record, PendingReboot pending, RebootVerdict again, RebootVerdict never) =>
        pending.Attempts >= MostAttempts
            ? (record with { Pending = null }, never)
            : (record with { Pending = pending with { Attempts = pending.Attempts + 1 } }, again);
}
