using System.Collections.Immutable;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Specs;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>What to do next for each application, and for what is shared.</summary>
/// <param name="Applications">Independent of each other: each may be executed by itself, at its own pace. Desired ones and those that are gone.</param>
/// <param name="CleanUp">Images to remove; whenever there is time, never in the way of the rest.</param>
/// <param name="Record">The record to be on disk before the steps are begun; the same object as given when nothing changed.</param>
public sealed record ReconciliationPlan(ImmutableArray<ApplicationPlan> Applications, ImmutableArray<Step> CleanUp, ReconciliationRecord Record)
{
    /// <summary>Nothing to do and nothing to save.</summary>
    public bool IsEmpty => CleanUp.IsEmpty && Applications.All(application => application.Steps.IsEmpty);

    /// <summary>
    /// Whether a change of any application has begun and not come to rest, committed or back. Whoever is given a lock
    /// relies on it that nothing changes: one may be given only while this is false, and in the same critical section
    /// in which the gate is read for the next plan.
    /// </summary>
    public bool IsChanging => Record.Applications.Values.Any(application => application.Begun is not null);
}

/// <summary>What to do next for one application.</summary>
public sealed record ApplicationPlan
{
    public required string Name { get; init; }

    /// <summary>What the status shows.</summary>
    public required ApplicationState State { get; init; }

    public string? Version { get; init; }

    /// <summary>Why, when it is not running as desired; one line.</summary>
    public string? Reason { get; init; }

    /// <summary>When the waiting ends by itself, where that is known.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>When to plan again even if nothing happens: the end of a pause before something is tried again. Null: no need.</summary>
    public DateTimeOffset? LookAt { get; init; }

    /// <summary>Steps by rising stage; then observe and plan again. Empty: nothing until something changes.</summary>
    public ImmutableArray<Step> Steps { get; init; } = [];

    /// <summary>Services of the desired state, and of what is left of older ones.</summary>
    public ImmutableArray<ServicePlan> Services { get; init; } = [];

    /// <summary>
    /// The container that made this release fail, when that was found out by this very plan: before saving the
    /// record, read its last log lines and add them with <see cref="ReconciliationRecord.AddToReason"/>.
    /// </summary>
    public string? Culprit { get; init; }
}

/// <summary>One service as the status shows it.</summary>
/// <param name="Name">The service.</param>
/// <param name="Container">Its container, or null.</param>
/// <param name="Desired">What it shall be, or null when it is no longer desired.</param>
/// <param name="Error">What is wrong with it, or null.</param>
public sealed record ServicePlan(string Name, ObservedContainer? Container, ContainerSpec? Desired, string? Error);

/// <summary>An application's state in the status.</summary>
public enum ApplicationState
{
    Running,
    Updating,
    Waiting,
    RolledBack,
    Failed,
    Refused,
    Stopped,
}
