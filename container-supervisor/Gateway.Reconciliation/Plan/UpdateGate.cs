namespace Gateway.Reconciliation.Plan;

/// <summary>Whether changes may begin now. Restarts, repairs, downloads and clean-up are never held up.</summary>
/// <param name="Reason">What holds changes up, for people: a window, a lock and its owner; null when nothing does.</param>
/// <param name="Until">When that ends by itself; null when it is not known.</param>
public sealed record UpdateGate(string? Reason, DateTimeOffset? Until)
{
    public static UpdateGate Open { get; } = new(null, null);

    public bool IsOpen => Reason is null;
}
