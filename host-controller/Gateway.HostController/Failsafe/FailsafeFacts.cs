namespace Gateway.HostController.Failsafe;

/// <summary>How the engine is.</summary>
internal enum EngineFact
{
    /// <summary>It answers.</summary>
    Answers,

    /// <summary>It is not installed: nothing to look after.</summary>
    NotInstalled,

    /// <summary>Its unit is being started or stopped: give it time.</summary>
    Changing,

    /// <summary>Its unit does not run.</summary>
    Stopped,

    /// <summary>Its unit runs, and it does not answer.</summary>
    Hung,
}

/// <summary>How the supervisor's container is.</summary>
internal enum SupervisorFact
{
    /// <summary>It runs, and is not known to be sick.</summary>
    Well,

    /// <summary>It was just started and has to show itself.</summary>
    Starting,

    /// <summary>There is none.</summary>
    Absent,

    /// <summary>It does not run.</summary>
    Stopped,

    Paused,

    /// <summary>The engine cannot do anything with it any more.</summary>
    Dead,

    Unhealthy,

    /// <summary>It ends again and again.</summary>
    Looping,

    /// <summary>It runs from another image than the committed one.</summary>
    WrongImage,
}

/// <summary>All that the failsafe decides by, from one look at the machine.</summary>
internal sealed record FailsafeFacts
{
    public EngineFact Engine { get; init; }

    public SupervisorFact Supervisor { get; init; }

    /// <summary>Whether an exchange of the supervisor's containers was begun and nobody is at it.</summary>
    public bool UpdateInterrupted { get; init; }

    /// <summary>Whether somebody is exchanging the supervisor's containers now: hands off.</summary>
    public bool HandsOff { get; init; }

    /// <summary>Whether there is a container that was set aside by an update.</summary>
    public bool IsSetAside { get; init; }

    /// <summary>Whether a release was ever committed, so that it is known what belongs there.</summary>
    public bool IsCommitted { get; init; }

    /// <summary>Whether the engine has the committed release's image.</summary>
    public bool HasImage { get; init; }

    /// <summary>Whether the archive holds an image.</summary>
    public bool HasArchive { get; init; }

    /// <summary>Whether that is the committed one's.</summary>
    public bool ArchiveIsCurrent { get; init; }

    /// <summary>Whether the engine has the image of a release before, to which nothing speaks against going back.</summary>
    public bool HasPrevious { get; init; }

    /// <summary>Whether a disk is below its floor, in bytes or in inodes.</summary>
    public bool DiskIsLow { get; init; }

    /// <summary>Whether dpkg was interrupted.</summary>
    public bool PackagesBroken { get; init; }

    /// <summary>Whether apt or dpkg is at work: what they stop meanwhile is theirs to start again.</summary>
    public bool PackagesBusy { get; init; }
}
