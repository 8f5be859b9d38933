namespace Gateway.ContainerSupervisor.Running;

/// <summary>Says that something happened; any number of times before the waiter looks count once.</summary>
internal sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim raised = new(0, 1);
    private int pending;

    /// <summary>Something happened.</summary>
    public void Raise()
    {
        if (Interlocked.Exchange(ref pending, 1) == 0)
        {
            raised.Release();
        }
    }

    /// <summary>Waits until something happened since the last time, or the time is over; true when something did.</summary>
    public async Task<bool> WaitAsync(TimeSpan longest, CancellationToken cancellation)
    {
        var happened = await raised.WaitAsync(longest < TimeSpan.Zero ? TimeSpan.Zero : longest, cancellation);
        if (happened)
        {
            Interlocked.Exchange(ref pending, 0);
        }

        return happened;
    }

    public void Dispose() => raised.Dispose();
}
