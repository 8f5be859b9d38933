using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Status;

namespace Gateway.ContainerSupervisor.Receive;

/// <summary>One source of desired state.</summary>
/// <param name="Desired">In force, or null.</param>
/// <param name="Sha256">Of the document in force.</param>
/// <param name="Refused">The newcomer that was refused, or null.</param>
/// <param name="Unusable">Why the document kept on disk cannot be used; nothing is touched until another one is accepted.</param>
internal sealed record SourceState(DesiredState? Desired, string? Sha256, RefusedStatus? Refused, string? Unusable)
{
    public static SourceState Empty { get; } = new(null, null, null, null);
}
