using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.HostController.Logging;
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
    /// <summary>The failures, and the report with tasks and counts.</summary>
    public async Task<(ImmutableArray<Failure> Failures, DocumentReport Report)> ApplyAsync(Admitted admitted, DocumentReport report, CancellationToken cancellation)
    {
        log.Information("applying {Document}, serial {Serial}", admitted.Playbook.Name, admitted.Playbook.Release?.Serial);
        var recorder = new TaskRecorder();
        var result = await runner.For(admitted.Folder).RunAsync(admitted.Playbook, options, new Observers(recorder, watcher), cancellation);
        foreach (var failure in result.Failures)
        {
            log.Failure(failure);
        }

        var stats = result.Stats;
        return (result.Failures, report with
        {
            Applied = true,
            Tasks = recorder.Tasks,
            Stats = new StatsReport(stats.Ok, stats.Changed, stats.Failures, stats.Skipped, stats.Rescued, stats.Ignored),
        });
    }
}
