using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Plan;

/// <summary>A desired service and the container that is, or is to become, it.</summary>
/// <param name="Spec">What is desired.</param>
/// <param name="Target">The container made from exactly this, under whatever name; null when there is none.</param>
/// <param name="Verdict">How it stands.</param>
/// <param name="Missing">The device that is not there, or null.</param>
internal sealed record Slot(ContainerSpec Spec, ObservedContainer? Target, Verdict Verdict, string? Missing);
