namespace Gateway.Reconciliation.Plan;

/// <summary>How a container stands to what its service shall be.</summary>
internal enum Standing
{
    /// <summary>To be started, or woken when it is paused.</summary>
    Down,

    /// <summary>Not yet known whether it is good.</summary>
    Pending,

    /// <summary>Down, and not tried again before a pause is over.</summary>
    Resting,

    /// <summary>Runs, and is to be restarted.</summary>
    Restart,

    /// <summary>As it shall be.</summary>
    Ready,

    /// <summary>Known not to be good.</summary>
    Bad,
}
