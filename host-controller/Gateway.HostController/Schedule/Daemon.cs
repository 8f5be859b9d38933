using System.Collections.Immutable;
using Gateway.Core.Processes;
using Gateway.HostController.Configuration;
using Gateway.HostController.Cycle;
using Gateway.HostController.Failsafe;
using Gateway.HostController.Logging;
using Gateway.HostController.Reboots;
using Gateway.HostController.Reports;
using Serilog;

namespace Gateway.HostController.Schedule;

/// <summary>
/// Runs cycles: the first <c>start_delay</c> after the start, then by the schedule. One loop, so cycles never overlap;
/// the configuration is read afresh before each, and the last good one stays in force. Opens no port.
/// </summary>
internal sealed class Daemon(HostPaths paths, ConfigurationSource source, SystemdNotifier systemd, TimeProvider clock, ILogger log)
{
    /// <summary>Looks at the clock this often while waiting: it may be set at any moment.</summary>
    private static readonly TimeSpan LongestSleep = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestFirstLook = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan WithinACycle = TimeSpan.FromHours(2);

    /// <summary>Gives the command line of an <c>apply</c> again.</summary>
    public Func<ImmutableArray<string>, CancellationToken, Task<int>>? ApplyAgain { get; init; }

    private readonly MemoryKeeper memory = new(failure => log.Debug("{Failure}", failure.ToString()));
    private readonly Pulse pulse = new(clock);
    private readonly DaemonStateFile state = new(paths);
    private readonly TimeCount time = new(paths, clock, log);
    private readonly DateTimeOffset started = clock.GetUtcNow();
    private volatile HostConfiguration? inForce;
    private FailsafeWatch? failsafe;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(HostConfiguration configuration, CancellationToken cancellation)
    {
        Led.RestoreAfterCrash(paths, Warn);
        if (source.LoadComplete().IsSuccess)
        {
            Keep();
        }

        pulse.Beat(LongestSleep * 3);
        using var feeding = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        inForce = configuration;
        failsafe = new FailsafeWatch(paths, () => inForce, clock, log);
        var checking = failsafe.RunAsync(feeding.Token);
        var feeder = FeedWatchdogAsync(feeding.Token);
        var reboots = new RebootWatch(paths, clock, log).RunAsync(feeding.Token);
        log.Information(
            "daemon of {Gateway}, version {Version}: first cycle in {Delay:0} s, then {Schedule} with a jitter of {Jitter:0} s",
            configuration.Identity.Id, ProgramVersion.Text, configuration.StartDelay.TotalSeconds, configuration.Schedule, configuration.Jitter.TotalSeconds);
        systemd.Ready();
        try
        {
            await LoopAsync(configuration, cancellation);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            log.Information("daemon ends");
        }
        finally
        {
            systemd.Stopping();
            await feeding.CancelAsync();
            await Task.WhenAll(feeder, checking, reboots);
            state.Remove();
        }
    }

    private async Task LoopAsync(HostConfiguration configuration, CancellationToken cancellation)
    {
        await WaitAsync(configuration.StartDelay, cancellation);
        await RepairedAsync(() => failsafe!.FirstLook.IsCompleted, LongestFirstLook, cancellation);
        await GoOnAsync(configuration, cancellation);
        while (true)
        {
            await RepairedAsync(() => !failsafe!.IsRepairingPackages, FailsafeActor.Longest, cancellation);
            configuration = Reload(configuration);
            inForce = configuration;
            await CycleAsync(configuration, cancellation);
            cancellation.ThrowIfCancellationRequested();
            if (CycleSchedule.Next(configuration.Schedule, configuration.Jitter, Random.Shared.NextDouble(), clock.GetUtcNow()) is { } next)
            {
                await WaitUntilAsync(next, cancellation);
            }
            else
            {
                log.Warning("schedule {Schedule} names no time in the future: waiting for another configuration", configuration.Schedule);
                await WaitAsync(TimeSpan.FromMinutes(10), cancellation);
            }
        }
    }

    /// <summary>Lets the failsafe finish what a cycle would only trip over; not for ever.</summary>
    private async Task RepairedAsync(Func<bool> isDone, TimeSpan longest, CancellationToken cancellation)
    {
        for (var begun = clock.GetTimestamp(); !isDone() && clock.GetElapsedTime(begun) < longest;)
        {
            pulse.Beat(LongestSleep * 3);
            await Task.Delay(TimeSpan.FromSeconds(1), clock, cancellation);
        }
    }

    private async Task CycleAsync(HostConfiguration configuration, CancellationToken cancellation)
    {
        if (!source.UrlOf(configuration).TryGet(out var url, out var failures))
        {
            log.Failure(failures[0]);
            return;
        }

        pulse.Beat(WithinACycle);
        state.Write(new DaemonState(Environment.ProcessId, started, null));
        systemd.Status("cycle under way");
        try
        {
            var status = await new CycleHost(paths, clock, log).RunAsync(configuration, url, "daemon", force: false, pulse, cancellation);
            systemd.Status($"last cycle ended with status {(int)status}");
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            // The failsafe must outlive its own bugs: the next cycle gets its chance.
            log.Error(bug, "the cycle failed unexpectedly; please report this");
        }
    }

    /// <summary>Goes on with what a person applied, when it stopped for the reboot that has just come.</summary>
    private async Task GoOnAsync(HostConfiguration configuration, CancellationToken cancellation)
    {
        var desk = new RebootDesk(paths, new RebootStore(StatePaths.Reboot(paths, configuration)), clock, log);
        if (ApplyAgain is null || desk.WaitingApply() is not { } words)
        {
            return;
        }

        log.Information("going on after the reboot with: {Command}", string.Join(' ', words));
        pulse.Beat(WithinACycle);
        try
        {
            await ApplyAgain(words, cancellation);
        }
        catch (Exception bug) when (bug is not OperationCanceledException)
        {
            log.Error(bug, "going on after the reboot failed unexpectedly; please report this");
        }
    }

    private HostConfiguration Reload(HostConfiguration before)
    {
        if (source.LoadComplete().TryGet(out var configuration, out var failures))
        {
            Keep();
            return configuration;
        }

        foreach (var failure in failures)
        {
            log.Failure(failure);
        }

        log.Warning("the configuration read before stays in force");
        return before;
    }

    /// <summary>For a start with a configuration that somebody has broken meanwhile.</summary>
    private void Keep()
    {
        foreach (var failure in source.Keep().Failures)
        {
            log.Failure(failure);
        }
    }

    private Task WaitAsync(TimeSpan pause, CancellationToken cancellation) => WaitUntilAsync(clock.GetUtcNow() + pause, cancellation);

    private async Task WaitUntilAsync(DateTimeOffset until, CancellationToken cancellation)
    {
        var appointment = new Appointment(until, clock);
        state.Write(new DaemonState(Environment.ProcessId, started, until));
        while (appointment.Left is var left && left > TimeSpan.Zero)
        {
            pulse.Beat(LongestSleep * 3);
            memory.Look();
            time.Look(inForce!);
            await Task.Delay(left < LongestSleep ? left : LongestSleep, clock, cancellation);
        }
    }

    private async Task FeedWatchdogAsync(CancellationToken cancellation)
    {
        if (systemd.Watchdog is not { } interval)
        {
            return;
        }

        while (!cancellation.IsCancellationRequested)
        {
            if (pulse.IsAlive && failsafe!.IsAlive)
            {
                systemd.Alive();
            }

            await Task.Delay(interval / 3, clock, cancellation).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    private void Warn(string line) => log.Warning("{Warning}", line);
}
