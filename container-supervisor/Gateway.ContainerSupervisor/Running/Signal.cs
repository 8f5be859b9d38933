namespace Gateway.ContainerSupervisor.Running;

/// <summary>Says that something happened; any number of times before the waiter looks count once.</summary>
internal sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim raised = new(0, 1);
    private readonly SemaphoreSlim hurried = new(0, 1);
    private int pending;
    private int hurry;

    /// <summary>Something happened.</summary>
    public void Raise()
    {
        if (Interlocked.Exchange(ref pending, 1) == 0)
        {
            raised.Release();
        }
    }

    /// <summary>Something happened that is worth being looked at by itself, without waiting for more of it.</summary>
    public void RaiseAtOnce()
    {
        if (Interlocked.Exchange(ref hurry, 1) == 0)
        {
            hurried.Release();
        }

        Raise();
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

    /// <summary>
    /// Lets what comes in a burst gather for so long, but no longer than until something is worth looking at by itself.
    /// All that happened until now counts as looked at.
    /// </summary>
    public async Task GatherAsync(TimeSpan longest, CancellationToken cancellation)
    {
        if (await hurried.WaitAsync(longest, cancellation))
        {
            Interlocked.Exchange(ref hurry, 0);
        }

        await WaitAsync(TimeSpan.Zero, cancellation);
    }

    public void Dispose()
    {
        raised.Dispose();
        hurried.Dispose();
    }
}
