using Gateway.Core.Releases;
using Gateway.HostController.Configuration;
using Gateway.HostController.Logging;
using Serilog;

namespace Gateway.HostController.Cycle;

/// <summary>Keeps the time that has passed, so that a clock that is set back lets nothing in that had expired.</summary>
internal sealed class TimeCount(HostPaths paths, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan Often = TimeSpan.FromHours(1);
    private long kept = clock.GetTimestamp();

    /// <summary>Keeps it once an hour: between two cycles may lie a day, and the power may go before the next.</summary>
    public void Look(HostConfiguration configuration)
    {
        if (clock.GetElapsedTime(kept) >= Often)
        {
            Keep(configuration);
        }
    }

    /// <summary>Keeps it now.</summary>
    public void Keep(HostConfiguration configuration)
    {
        kept = clock.GetTimestamp();
        var state = paths.On(configuration.StateDirectory);
        foreach (var failure in new TimeFloor(state, clock).Raise(TrustedTime.Of(clock, new ReleaseMarkStore(state).Load().Marks).Certain).Failures)
        {
            log.Failure(failure);
        }
    }
}
