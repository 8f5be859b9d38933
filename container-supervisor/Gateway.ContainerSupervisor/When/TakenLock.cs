namespace Gateway.ContainerSupervisor.When;

/// <summary>A lock just taken.</summary>
/// <param name="Lock">The lock.</param>
/// <param name="Before">The one its owner had before, or null.</param>
internal sealed record TakenLock(UpdateLock Lock, UpdateLocks.Entry? Before);
