using Gateway.ContainerSupervisor.Execute;
using Gateway.ContainerSupervisor.When;
using Gateway.Core.Reports;

namespace Gateway.ContainerSupervisor.LocalApi;

/// <summary>
/// Gives locks. Whoever is given one relies on it that nothing changes until it ends: so the lock is first put where
/// every plan from now on finds it, and is given only when a plan made after that shows no change under way.
/// </summary>
internal sealed class LockDesk(UpdateLocks locks)
{
    /// <summary>Looks at the engine and plans take milliseconds; an engine that is away takes for ever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Waits for a round that begins after the call.</summary>
    public required Func<CancellationToken, Task<Snapshot>> NextRound { get; init; }

    /// <summary>Takes the lock; <see cref="FailureKind.Conflict"/> when a change has begun.</summary>
    public async Task<Result<UpdateLock>> TakeAsync(string owner, TimeSpan duration, string? reason, CancellationToken cancellation)
    {
        if (!locks.Take(owner, duration, reason).TryGet(out var taken, out var wrong))
        {
            return wrong;
        }

        var refusal = await RefusalAsync(cancellation);
        if (refusal is null)
        {
            return taken.Lock;
        }

        locks.PutBack(taken);
        return refusal;
    }

    private async Task<Failure?> RefusalAsync(CancellationToken cancellation)
    {
        using var soon = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        soon.CancelAfter(Patience);
        try
        {
            var seen = await NextRound(soon.Token);
            return seen.Changing.IsEmpty
                ? null
                : new Failure(Phase.Apply, string.Join(", ", seen.Changing), "a change has begun; try again when it has ended", Retryable: true) { Kind = FailureKind.Conflict };
        }
        catch (OperationCanceledException)
        {
            return new Failure(Phase.Observe, "lock", "the Docker engine does not answer, so it is not known whether a change is under way; try again", Retryable: true) { Kind = FailureKind.Unavailable };
        }
    }
}
