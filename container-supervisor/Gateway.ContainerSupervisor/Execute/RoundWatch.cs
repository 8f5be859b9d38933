namespace Gateway.ContainerSupervisor.Execute;

/// <summary>Waits for rounds of the reconciler.</summary>
internal sealed class RoundWatch(Func<long> begun, Action wake)
{
    private TaskCompletionSource<Snapshot> next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>A round has ended.</summary>
    public void Note(Snapshot seen) =>
        Interlocked.Exchange(ref next, new TaskCompletionSource<Snapshot>(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult(seen);

    /// <summary>What a round saw and decided that began after this call and did not fail.</summary>
    public async Task<Snapshot> NextAsync(CancellationToken cancellation)
    {
        var before = begun();
        while (true)
        {
            var coming = Volatile.Read(ref next).Task;
            wake();
            if (await coming.WaitAsync(cancellation) is { Failure: null } seen && seen.Round > before)
            {
                return seen;
            }
        }
    }
}
