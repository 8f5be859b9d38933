using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.ContainerSupervisor.Configuration;

/// <summary>Exit statuses, as the host controller's.</summary>
internal enum ExitStatus
{
    /// <summary>Applied, healthy, or nothing to do.</summary>
    Done = 0,

    /// <summary>Anything else: not healthy, configuration, command line, another supervisor at work.</summary>
    Other = 1,

    /// <summary>An application could not be brought up.</summary>
    Failed = 2,

    /// <summary>Signature absent or bad, serial, expiry, target, policy.</summary>
    Refused = 3,

    /// <summary>The document does not parse.</summary>
    Malformed = 4,
}

/// <summary>Which status tells about which failures.</summary>
internal static class ExitStatuses
{
    /// <summary>The status for what went wrong; the first failure counts, as later ones follow from it.</summary>
    public static ExitStatus Of(ImmutableArray<Failure> failures) => failures.IsEmpty ? ExitStatus.Done : failures[0].Phase switch
    {
        Phase.Verify or Phase.Release or Phase.Policy => ExitStatus.Refused,
        Phase.Parse => ExitStatus.Malformed,
        Phase.Observe or Phase.Apply => ExitStatus.Failed,
        _ => ExitStatus.Other,
    };
}
