using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Policy;
using Gateway.Reconciliation.Specs;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>Everything the planner looks at.</summary>
/// <param name="Desired">The merged desired state; null as long as no source has ever been in force: nothing is touched then.</param>
/// <param name="Observed">The engine, looked at just now.</param>
/// <param name="Record">What was kept on disk.</param>
/// <param name="Policy">What the gateway's owner allows.</param>
/// <param name="Now">The time.</param>
public sealed record PlanInput(DesiredState? Desired, ObservedState Observed, ReconciliationRecord Record, LocalPolicy Policy, DateTimeOffset Now)
{
    /// <summary>Steps that failed since the last plan; each is told once.</summary>
    public ImmutableArray<StepFailure> Failures { get; init; } = [];

    /// <summary>Whether changes may begin; one that is critical, or has begun, passes.</summary>
    public UpdateGate Gate { get; init; } = UpdateGate.Open;

    /// <summary>Where containers are given files and the local interface from.</summary>
    public HostFolders Folders { get; init; } = HostFolders.Default;

    /// <summary>When each image (<see cref="ImageReference.Pull"/>) was last pulled, or tried in vain, in this run of the supervisor.</summary>
    public ImmutableDictionary<string, DateTimeOffset> Pulls { get; init; } = ImmutableDictionary<string, DateTimeOffset>.Empty;

    /// <summary>How many images of each service are kept: those it was committed with last, the current one among them.</summary>
    public int ImageRetention { get; init; } = 2;

    /// <summary>Identifies this run of the supervisor: a candidate that outlives several runs is given up.</summary>
    public string Run { get; init; } = "";
}

/// <summary>A step that failed. Retryable ones (no network, no space) are reported and tried again; others end an update.</summary>
public sealed record StepFailure(string Application, Step Step, Failure Failure);
