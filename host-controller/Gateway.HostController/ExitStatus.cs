using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.HostController;

/// <summary>Exit statuses that scripts and monitoring rely on (FORMATS, "Host controller on the host").</summary>
internal enum ExitStatus
{
    /// <summary>Applied, or nothing to do.</summary>
    Done = 0,

    /// <summary>Anything else: configuration, command line, another host controller at work.</summary>
    Other = 1,

    /// <summary>A task failed.</summary>
    TaskFailed = 2,

    /// <summary>Signature absent or bad, serial, expiry, target, or a module that is not allowed here.</summary>
    Refused = 3,

    /// <summary>The document does not parse.</summary>
    Malformed = 4,

    /// <summary>It could not be fetched.</summary>
    NotFetched = 5,
}

/// <summary>Which status tells about which failures.</summary>
internal static class ExitStatuses
{
    /// <summary>The gravest of several statuses: refused, malformed, not fetched, anything else, task failed, done.</summary>
    private static readonly ImmutableArray<ExitStatus> Gravest =
        [ExitStatus.Refused, ExitStatus.Malformed, ExitStatus.NotFetched, ExitStatus.Other, ExitStatus.TaskFailed, ExitStatus.Done];

    /// <summary>The status for what went wrong; <see cref="ExitStatus.Done"/> for nothing.</summary>
    public static ExitStatus Of(ImmutableArray<Failure> failures) =>
        Worst(failures.Select(failure => Of(failure.Phase)));

    /// <summary>The status for a step that failed.</summary>
    public static ExitStatus Of(Phase phase) => phase switch
    {
        Phase.Fetch => ExitStatus.NotFetched,
        Phase.Verify or Phase.Release or Phase.Policy => ExitStatus.Refused,
        Phase.Parse => ExitStatus.Malformed,
        Phase.Observe or Phase.Apply => ExitStatus.TaskFailed,
        _ => ExitStatus.Other,
    };

    /// <summary>One status for several documents.</summary>
    public static ExitStatus Worst(IEnumerable<ExitStatus> statuses)
    {
        var worst = Gravest.Length - 1;
        foreach (var status in statuses)
        {
            worst = Math.Min(worst, Gravest.IndexOf(status));
        }

        return Gravest[worst];
    }
}
