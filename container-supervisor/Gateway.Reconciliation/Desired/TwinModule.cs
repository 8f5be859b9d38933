using System.Collections.Immutable;

namespace Gateway.Reconciliation.Desired;

/// <summary>A module of a twin.</summary>
/// <param name="Service">As a service, without its dependencies.</param>
/// <param name="Order">Its startup order; lower ones start first.</param>
/// <param name="Volumes">Named volumes its create options bind.</param>
internal sealed record TwinModule(Service Service, long Order, ImmutableArray<VolumeDefinition> Volumes);
