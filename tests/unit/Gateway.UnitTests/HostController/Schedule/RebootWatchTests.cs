using System.Globalization;
using Gateway.ContainerSupervisor.Running;
using Gateway.HostController;
using Gateway.HostController.Schedule;
using Serilog.Core;

namespace Gateway.UnitTests.HostController.Schedule;

/// <summary>Both sides of a reboot, with a stand-in for systemctl under <c>--root</c>.</summary>
public sealed class RebootWatchTests : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("gateway-reboot-");
    private readonly HostPaths paths;

    public RebootWatchTests()
    {
        paths = new HostPaths(root.FullName);
        Directory.CreateDirectory(paths.Runtime);
        Directory.CreateDirectory(paths.On("/usr/bin"));
        File.WriteAllText(paths.On("/usr/bin/systemctl"), $"#!/bin/sh\necho \"$@\" >>{root.FullName}/calls\n");
        File.SetUnixFileMode(paths.On("/usr/bin/systemctl"), Executable);
    }

    public void Dispose() => root.Delete(recursive: true);

    [Fact]
    public async Task A_request_is_taken_and_the_machine_rebooted_once()
    {
        using var ending = new CancellationTokenSource();
        var watching = new RebootWatch(paths, TimeProvider.System, Logger.None).RunAsync(ending.Token);
        var asked = await new RebootRequest(paths.Runtime, TimeProvider.System).AskAsync("r-1", CancellationToken.None);
        Assert.Equal("the host controller reboots the machine", asked.Value);
        await EventuallyAsync(() => File.Exists(Calls));
        await ending.CancelAsync();
        await watching;
        Assert.Equal("reboot\n", await File.ReadAllTextAsync(Calls));
        Assert.Empty(Directory.EnumerateFiles(paths.Runtime, "reboot-request*"));
    }

    [Fact]
    public async Task It_waits_for_the_cycle_under_way()
    {
        using var ending = new CancellationTokenSource();
        using (var cycle = SingleInstance.Take(paths.Lock, "daemon").Value)
        {
            var watching = new RebootWatch(paths, TimeProvider.System, Logger.None).RunAsync(ending.Token);
            Assert.True((await new RebootRequest(paths.Runtime, TimeProvider.System).AskAsync("r-1", CancellationToken.None)).IsSuccess);
            await Task.Delay(1500);
            Assert.False(File.Exists(Calls));
            cycle.Dispose();
            await EventuallyAsync(() => File.Exists(Calls));
            await ending.CancelAsync();
            await watching;
        }
    }

    [Fact]
    public async Task When_nobody_takes_it_the_request_is_withdrawn()
    {
        var clock = new RunningClock();
        var asked = await new RebootRequest(paths.Runtime, clock).AskAsync("r-1", CancellationToken.None);
        Assert.Contains("no host controller took the request within 15 s", asked.Failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(paths.Runtime, "reboot-request*"));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("{}", false)]
    [InlineData("""{"id":1,"at":"NOW"}""", false)]
    [InlineData("""{"id":"r-1","at":"2020-01-01T00:00:00Z"}""", false)]
    [InlineData("""{"id":"r-1","at":"NOW"}""", true)]
    public async Task An_old_or_broken_request_is_removed_and_not_carried_out(string text, bool taken)
    {
        var file = Path.Combine(paths.Runtime, "reboot-request");
        await File.WriteAllTextAsync(file, text.Replace("NOW", DateTimeOffset.UtcNow.ToString("O", CultureInfo.InvariantCulture), StringComparison.Ordinal));
        Assert.Equal(taken ? "r-1" : null, new RebootWatch(paths, TimeProvider.System, Logger.None).Take());
        Assert.False(File.Exists(file));
    }

    private string Calls => Path.Combine(root.FullName, "calls");

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        for (var i = 0; i < 600 && !condition(); i++)
        {
            await Task.Delay(50);
        }

        Assert.True(condition());
    }

    /// <summary>Time runs a hundred times as fast.</summary>
    private sealed class RunningClock : TimeProvider
    {
        public override long GetTimestamp() => base.GetTimestamp() * 100;
    }
}
