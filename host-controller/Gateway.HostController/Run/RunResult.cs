using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.HostController.Run;

/// <summary>Counts as Ansible's recap has them: <c>ok</c> includes changed and ignored.</summary>
internal sealed record RunStats(int Ok, int Changed, int Failures, int Skipped, int Rescued, int Ignored);

/// <summary>What came of applying a playbook.</summary>
/// <param name="Stats">Counts.</param>
/// <param name="Failures">One for each task that failed and was neither ignored nor rescued: where, and why.</param>
/// <param name="Changes">Names of the tasks that changed something, in order; at most 1000.</param>
internal sealed record RunResult(RunStats Stats, ImmutableArray<Failure> Failures, ImmutableArray<string> Changes)
{
    /// <summary>Whether the run ended with a failure.</summary>
    public bool Failed => !Failures.IsEmpty;
}
