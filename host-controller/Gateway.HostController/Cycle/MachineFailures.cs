using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.HostController.Cycle;

/// <summary>Tells failures of our own state apart from those of a playbook's tasks.</summary>
internal static class MachineFailures
{
    /// <summary>The same failures, which then end with exit status 1.</summary>
    public static ImmutableArray<Failure> OfThisMachine(this ImmutableArray<Failure> failures) =>
        [.. failures.Select(failure => failure.Phase is Phase.Apply or Phase.Observe ? failure with { Phase = Phase.Configuration } : failure)];
}
