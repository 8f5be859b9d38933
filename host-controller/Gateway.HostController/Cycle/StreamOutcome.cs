using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.HostController.Reports;

namespace Gateway.HostController.Cycle;

/// <summary>What a cycle did about one stream.</summary>
/// <param name="Status">Refused and not fetched come before a failed task, even where the playbook in force was applied.</param>
/// <param name="Report">For the run report.</param>
internal sealed record StreamOutcome(ExitStatus Status, DocumentReport Report)
{
    private const int MostFailures = 100;

    /// <summary>One line each, bounded.</summary>
    public static ImmutableArray<string> Lines(IEnumerable<Failure> failures) => [.. failures.Take(MostFailures).Select(failure => failure.ToString())];
}
