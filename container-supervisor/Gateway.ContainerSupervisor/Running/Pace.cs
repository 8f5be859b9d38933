namespace Gateway.ContainerSupervisor.Running;

/// <summary>A token bucket. Pure: the time is an argument. One caller at a time.</summary>
/// <param name="perSecond">How many in the long run.</param>
/// <param name="burst">How many at once after a rest.</param>
internal sealed class Pace(double perSecond, double burst)
{
    private readonly double most = burst;
    private double tokens = burst;
    private long at;

    /// <summary>Takes so many, on credit if need be; how long to wait before going on.</summary>
    /// <param name="now">Milliseconds that only rise.</param>
    /// <param name="count">How many.</param>
    public TimeSpan Take(long now, double count = 1)
    {
        Fill(now);
        tokens -= count;
        return tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-tokens / perSecond);
    }

    /// <summary>Takes so many if they are there; false leaves it as it is.</summary>
    public bool TryTake(long now, double count = 1)
    {
        Fill(now);
        if (tokens < count)
        {
            return false;
        }

        tokens -= count;
        return true;
    }

    private void Fill(long now)
    {
        tokens = Math.Min(most, tokens + (Math.Max(0, now - at) / 1000.0 * perSecond));
        at = now;
    }
}
