namespace Gateway.Core.Reports;

/// <summary>What sort of failure it is, where a caller decides by it; most failures are <see cref="Other"/>.</summary>
public enum FailureKind
{
    /// <summary>Nothing a caller has to tell apart.</summary>
    Other,

    /// <summary>The thing asked for is not there.</summary>
    NotFound,

    /// <summary>The state of things forbids it: a name is taken, an image or network is in use.</summary>
    Conflict,

    /// <summary>The other side answered and said no: wrong arguments, not allowed.</summary>
    Refused,

    /// <summary>Nobody answers.</summary>
    Unavailable,

    /// <summary>An answer was awaited too long.</summary>
    TimedOut,

    /// <summary>The disk is full.</summary>
    DiskFull,

    /// <summary>What came is not what was asked for by digest.</summary>
    WrongDigest,
}
