using Gateway.Core.Reports;

namespace Gateway.Ctl;

/// <summary>Exit statuses that scripts rely on; the same numbers mean the same in host-controller.</summary>
internal enum ExitStatus
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>Anything else: the command line, a file, gpg.</summary>
    Other = 1,

    /// <summary>Published, but a gateway failed to apply it or rolled it back.</summary>
    NotApplied = 2,

    /// <summary>Refused, here or by a gateway: signature, serial, expiry or target.</summary>
    Refused = 3,

    /// <summary>The document does not parse.</summary>
    Malformed = 4,

    /// <summary>The broker could not be reached, or no gateway answered in time.</summary>
    NoAnswer = 5,
}

/// <summary>Which status tells about which failures.</summary>
internal static class ExitStatuses
{
    /// <summary>The status of the gravest failure: refused, malformed, no answer, anything else.</summary>
    public static ExitStatus Of(IEnumerable<Failure> failures) => failures
        .Select(failure => Of(failure.Phase))
        .DefaultIfEmpty(ExitStatus.Done)
        .MinBy(status => status switch
        {
            ExitStatus.Refused => 0,
            ExitStatus.Malformed => 1,
            ExitStatus.NoAnswer => 2,
            ExitStatus.Other => 3,
            ExitStatus.NotApplied => 4,
            _ => 5,
        });

    private static ExitStatus Of(Phase phase) => phase switch
    {
        Phase.Fetch => ExitStatus.NoAnswer,
        Phase.Verify or Phase.Release or Phase.Policy => ExitStatus.Refused,
        Phase.Parse => ExitStatus.Malformed,
        _ => ExitStatus.Other,
    };
}
