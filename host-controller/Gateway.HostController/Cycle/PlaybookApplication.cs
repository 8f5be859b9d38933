using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.HostController.Logging;
using Gateway.HostController.Reboots;
using Gateway.HostController.Reports;
using Gateway.HostController.Run;
using Serilog;

namespace Gateway.HostController.Cycle;

/// <summary>Applies an admitted playbook and says what came of it.</summary>
/// <param name="runner">Does it.</param>
/// <param name="options">How.</param>
/// <param name="watcher">Hears of it as it goes.</param>
/// <param name="log">Is told.</param>
internal sealed class PlaybookApplication(PlaybookRunner runner, RunOptions options, IRunObserver watcher, ILogger log)
{
    /// <summary>Lets runs stop for a reboot; null where they cannot.</summary>
    public RebootDesk? Reboots { get; init; }

    /// <summary>Takes the desired state of a bundle; null where there is no supervisor to be told.</summary>
    public DesiredStateHandover? Desired { get; init; }

    /// <summary>The command line of an <c>apply</c>, to be given again after a boot; empty for a cycle.</summary>
    public ImmutableArray<string> Arguments { get; init; } = [];

    /// <summary>Whether the playbook stopped for a reboot and is to go on.</summary>
    public bool IsWaiting(Admitted admitted) => Reboots?.IsWaiting(KeyOf(admitted)) == true;

    /// <summary>The failures, and the report with tasks and counts.</summary>
    public async Task<(ImmutableArray<Failure> Failures, DocumentReport Report)> ApplyAsync(Admitted admitted, DocumentReport report, CancellationToken cancellation)
    {
        ResumableRun? resumable = null;
        if (Reboots is not null && !options.Check && !(await Reboots.BeginAsync(KeyOf(admitted), cancellation)).TryGet(out resumable, out var unable))
        {
            log.Failure(unable[0]);
            return (unable, report);
        }

        log.Information("applying {Document}, serial {Serial}", admitted.Playbook.Name, admitted.Playbook.Release?.Serial);
        var recorder = new TaskRecorder();
        var result = await runner.For(admitted.Folder).RunAsync(admitted.Playbook, options with { Reboots = resumable }, new Observers(recorder, watcher), cancellation);
        if (resumable is not null && !cancellation.IsCancellationRequested)
        {
            Reboots!.End(KeyOf(admitted), resumable);
        }

        foreach (var failure in result.Failures)
        {
            log.Failure(failure);
        }

        var stats = result.Stats;
        var failures = result.Failures.AddRange(HandOver(admitted, result));
        return (failures, report with
        {
            Applied = true,
            Tasks = recorder.Tasks,
            Stats = new StatsReport(stats.Ok, stats.Changed, stats.Failures, stats.Skipped, stats.Rescued, stats.Ignored),
        });
    }

    /// <summary>What else a bundle brings, once its playbook has been applied.</summary>
    private ImmutableArray<Failure> HandOver(Admitted admitted, RunResult result)
    {
        if (Desired is null || admitted.Folder is not { } folder || result.Failed || options is not { Check: false, Tags.IsEmpty: true, SkipTags.IsEmpty: true })
        {
            return [];
        }

        var handed = Desired.HandOver(folder);
        if (handed is { IsSuccess: true, Value: { } done })
        {
            log.Information("{Done}", done);
        }

        foreach (var failure in handed.Failures)
        {
            log.Failure(failure);
        }

        return handed.Failures;
    }

    private RunKey KeyOf(Admitted admitted) => new(admitted.Stream, admitted.Text.Sha256, Arguments);
}
