using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>What the reconciler saw and decided last.</summary>
/// <param name="Desired">What the plan is for.</param>
/// <param name="Observed">The engine.</param>
/// <param name="Plan">What is to be done about it.</param>
/// <param name="Failure">Why it could not look or decide; then the others are from the time before.</param>
internal sealed record Snapshot(DesiredState? Desired, ObservedState? Observed, ReconciliationPlan? Plan, Failure? Failure)
{
    /// <summary>Which round it is of; the first is 1.</summary>
    public long Round { get; init; }

    /// <summary>Whether changes could begin in it.</summary>
    public UpdateGate Gate { get; init; } = UpdateGate.Open;

    /// <summary>Applications of which a change has begun and is not at its end.</summary>
    public ImmutableArray<string> Changing { get; init; } = [];

    public static Snapshot None { get; } = new(null, null, null, null);
}
