using Gateway.ContainerSupervisor.Report;
using Gateway.ContainerSupervisor.Running;
using Gateway.Core.Mqtt;

namespace Gateway.UnitTests.ContainerSupervisor;

public sealed class RunningTests
{
    [Fact]
    public async Task Many_signals_before_a_look_count_once()
    {
        using var signal = new Signal();
        signal.Raise();
        signal.Raise();
        Assert.True(await signal.WaitAsync(TimeSpan.Zero, CancellationToken.None));
        Assert.False(await signal.WaitAsync(TimeSpan.Zero, CancellationToken.None));
        signal.Raise();
        Assert.True(await signal.WaitAsync(TimeSpan.FromSeconds(5), CancellationToken.None));
    }

    [Fact]
    public void A_loop_that_hangs_makes_the_supervisor_unhealthy()
    {
        var folder = Directory.CreateTempSubdirectory("gateway-heartbeat-");
        try
        {
            Assert.NotNull(Heartbeat.Problem(folder.FullName, Environment.TickCount64, out _));
            var heartbeat = new Heartbeat(folder.FullName, "/run/docker.sock", TimeSpan.FromSeconds(100));
            heartbeat.Alive("one");
            Assert.Null(heartbeat.Write());
            Assert.Null(Heartbeat.Problem(folder.FullName, Environment.TickCount64, out _));
            Assert.NotNull(Heartbeat.Problem(folder.FullName, Environment.TickCount64 + (long)Heartbeat.Stale.TotalMilliseconds + 1000, out _));
            Assert.Equal(["one"], heartbeat.Hanging(Environment.TickCount64 + 101_000));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_loop_that_dies_is_started_again()
    {
        using var ending = new CancellationTokenSource();
        var runs = 0;
        await Loops.KeepAsync(
            "fragile",
            async _ =>
            {
                if (++runs == 2)
                {
                    await ending.CancelAsync();
                }

                throw new InvalidOperationException("a bug");
            },
            Serilog.Core.Logger.None,
            ending.Token);
        Assert.Equal(2, runs);
    }

    [Fact]
    public void Errors_are_kept_once_per_subject_until_resolved_and_bounded()
    {
        var errors = new ErrorBook(TimeProvider.System);
        Assert.True(errors.Note("a", "x"));
        Assert.False(errors.Note("a", "x"));
        Assert.True(errors.Note("a", "y"));
        Assert.Equal("y", Assert.Single(errors.All).Message);
        Assert.True(errors.Resolve("a"));
        Assert.False(errors.Resolve("a"));
        for (var i = 0; i < 1000; i++)
        {
            errors.Note($"subject {i}", "x");
        }

        Assert.Equal(50, errors.All.Length);
    }

    [Fact]
    public void Pauses_double_up_to_the_longest_each_varied_by_a_quarter()
    {
        var pauses = new BackOff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));
        foreach (var plain in new[] { 1, 2, 4, 8, 10, 10 })
        {
            Assert.InRange(pauses.Next().TotalSeconds, plain * 0.75, plain * 1.25);
        }

        pauses.Reset();
        Assert.InRange(pauses.Next().TotalSeconds, 0.75, 1.25);
    }
}
