using System.Collections.Immutable;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Plan;

/// <summary>A service and the container that is, or is to become, it.</summary>
/// <param name="Spec">What is wanted.</param>
/// <param name="Target">The container made from exactly this, under whatever name; null when there is none.</param>
/// <param name="Verdict">How it stands.</param>
/// <param name="Missing">The device that is not there, or null.</param>
internal sealed record Slot(ContainerSpec Spec, ObservedContainer? Target, Verdict Verdict, string? Missing)
{
    public string Service => Spec.Service.Name;

    /// <summary>The name its container shall have.</summary>
    public string Name => Spec.Service.ContainerName;

    public bool IsNamed => Target?.Name == Name;

    public bool IsToBeMade => Target is null && Missing is null && Verdict.Standing == Standing.Down;

    /// <summary>Whether it waits for its device; one that runs all the same is left in peace.</summary>
    public bool IsWaiting => Missing is not null && (Target is null || !Removal.IsUp(Target));

    /// <summary>For the status.</summary>
    /// <param name="mine">The application's containers: an older one is shown while there is no other.</param>
    /// <param name="desired">What the service shall be, or null.</param>
    public ServicePlan Shown(ImmutableArray<ObservedContainer> mine, ContainerSpec? desired) => new(
        Service,
        Target ?? mine.FirstOrDefault(container => World.Service(container) == Service),
        desired,
        IsWaiting ? $"device {Missing} is not there" : Verdict.Standing == Standing.Pending ? null : Verdict.Reason);
}
