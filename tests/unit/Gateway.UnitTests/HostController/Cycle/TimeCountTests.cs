using Gateway.Core.Releases;
using Gateway.HostController;
using Gateway.HostController.Configuration;
using Gateway.HostController.Cycle;

namespace Gateway.UnitTests.HostController.Cycle;

public sealed class TimeCountTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2036, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private readonly string root = Directory.CreateTempSubdirectory("time-count-").FullName;

    private sealed class Clock : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;

        public override DateTimeOffset GetUtcNow() => Noon + Elapsed;
    }

    [Fact]
    public void Between_cycles_the_time_that_passes_is_kept_each_hour()
    {
        var (clock, paths, configuration) = (new Clock(), new HostPaths(root), new HostConfiguration { Identity = new GatewayIdentity("gw", []) });
        var state = paths.On(configuration.StateDirectory);
        Directory.CreateDirectory(state);
        var time = new TimeCount(paths, clock, Serilog.Core.Logger.None);
        time.Keep(configuration);
        // Another boot: what was counted and not kept is gone.
        DateTimeOffset Kept() => new TimeFloor(state, clock, "another boot").At(DateTimeOffset.UnixEpoch);
        var before = Kept();

        clock.Elapsed = TimeSpan.FromMinutes(59);
        time.Look(configuration);
        Assert.Equal(before, Kept());
        clock.Elapsed = TimeSpan.FromMinutes(61);
        time.Look(configuration);
        Assert.Equal(TimeSpan.FromMinutes(61), Kept() - before);
    }

    public void Dispose() => Directory.Delete(root, recursive: true);
}
