using Gateway.Core.Reports;
using Gateway.HostController.Configuration;
using Gateway.HostController.Schedule;
using Serilog;

namespace Gateway.HostController.Failsafe;

/// <summary>The failsafe check: at the start and every 30 seconds, beside the cycles and without them.</summary>
/// <param name="paths">The machine.</param>
/// <param name="configuration">The one in force.</param>
/// <param name="clock">Time.</param>
/// <param name="log">The journal.</param>
internal sealed class FailsafeWatch(HostPaths paths, Func<HostConfiguration> configuration, TimeProvider clock, ILogger log)
{
    private const int MostInARow = 8;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestLook = TimeSpan.FromMinutes(5);
    private readonly FailsafePacing pacing = new(clock);
    private readonly FailsafeActor actor = new(paths, clock, log);
    private readonly Pulse pulse = new(clock);
    private readonly TaskCompletionSource firstLook = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private FailsafeMemory? memory;

    /// <summary>Whether it is still at work; a look or a remedy that never ends is a bug, and then systemd shall restart us.</summary>
    public bool IsAlive => pulse.IsAlive;

    /// <summary>Done when the first check is.</summary>
    public Task FirstLook => firstLook.Task;

    /// <summary>Whether packages are being repaired, so that a cycle had better wait.</summary>
    public bool IsRepairingPackages { get; private set; }

    /// <summary>Checks until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var reader = new FactReader(paths, clock);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                await CheckAsync(reader, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                break;
            }
            catch (Exception bug) when (bug is not OperationCanceledException)
            {
                // The failsafe must outlive its own bugs.
                log.Error(bug, "the failsafe check failed unexpectedly; please report this");
            }

            firstLook.TrySetResult();
            pulse.Beat(Interval * 3);
            await Task.Delay(Interval, clock, cancellation).ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }

        firstLook.TrySetResult();
    }

    /// <summary>One check: looks, does what is to be done, and looks again, until nothing is due.</summary>
    internal async Task CheckAsync(FactReader reader, CancellationToken cancellation)
    {
        for (var i = 0; i < MostInARow; i++)
        {
            pulse.Beat(LongestLook);
            var settings = configuration();
            var file = StatePaths.Failsafe(paths, settings);
            memory ??= FailsafeMemory.Load(file);
            var facts = await reader.ReadAsync(settings, cancellation);
            EndEpisodes(facts, file);
            if (FailsafeRules.Next(facts, memory.Of, concern => pacing.IsDue(concern, memory.Of(concern))) is not { } prescription)
            {
                return;
            }

            pulse.Beat(FailsafeActor.LongestOf(prescription.Remedy) + LongestLook);
            await TreatAsync(prescription, settings, file, cancellation);
        }
    }

    private async Task TreatAsync(Prescription prescription, HostConfiguration settings, string file, CancellationToken cancellation)
    {
        log.Warning("failsafe: {Symptom}: {Remedy} (attempt {Attempt})", prescription.Symptom, prescription.Remedy, memory!.Of(prescription.Concern) + 1);
        IsRepairingPackages = prescription.Remedy == Remedy.RepairPackages;
        Result<string> done;
        try
        {
            done = await actor.ApplyAsync(prescription, settings, cancellation);
        }
        finally
        {
            IsRepairingPackages = false;
        }

        var text = done.TryGet(out var said, out var failures) ? OneLine.Of(said) : OneLine.Of(string.Join("; ", failures.Select(failure => failure.ToString())));
        log.Write(done.IsSuccess ? Serilog.Events.LogEventLevel.Information : Serilog.Events.LogEventLevel.Error, "failsafe: {Remedy} {Outcome} {Text}", prescription.Remedy, done.IsSuccess ? "done" : "failed", text);
        pacing.Treated(prescription.Concern);
        memory = memory.With(new FailsafeDeed(clock.GetUtcNow(), prescription.Concern, prescription.Symptom, prescription.Remedy, done.IsSuccess, text));
        memory.Save(file);
    }

    private void EndEpisodes(FailsafeFacts facts, string file)
    {
        foreach (var concern in Enum.GetValues<Concern>())
        {
            if (pacing.IsCured(concern, FailsafeRules.IsWell(facts, concern)) && memory!.Of(concern) > 0)
            {
                log.Information("failsafe: {Concern} has been well for a while", concern);
                memory = memory.Without(concern);
                memory.Save(file);
            }
        }
    }
}
