using Gateway.Core.Reports;
using Gateway.HostController.Reports;
using Gateway.HostController.Run;
using Gateway.Playbooks.Parsing;
using Serilog;
using TaskStatus = Gateway.HostController.Run.TaskStatus;

namespace Gateway.HostController.Logging;

/// <summary>Writes a run to the log: what changed and what failed; with <c>--verbose</c> everything.</summary>
internal sealed class LogObserver(ILogger log) : IRunObserver
{
    public void PlayStarted(Play play) => log.Information("play {Play}", OneLine.Of(play.Name));

    public void TaskFinished(TaskReport task)
    {
        var level = task.Status is TaskStatus.Failed or TaskStatus.Ignored or TaskStatus.Rescued
            ? Serilog.Events.LogEventLevel.Warning
            : Serilog.Events.LogEventLevel.Information;
        log.Write(level, "task {Task} ({Module}): {Status}", OneLine.Of(task.Task.Name), task.Task.Module, TaskRecorder.NameOf(task.Status));
    }

    public void TaskStarted(TaskStart task) => log.Debug("task {Task} begins", OneLine.Of(task.Name));

    public void Retrying(TaskStart task, int attemptsLeft) => log.Information("task {Task} is tried again, {Left} attempts left", OneLine.Of(task.Name), attemptsLeft);

    public void Progress(string line) => log.Debug("{Progress}", OneLine.Of(line));

    public void Warning(string line) => log.Warning("{Warning}", OneLine.Of(line));

    public void Finished(RunResult result) => log.Information(
        "tasks: {Ok} ok, {Changed} changed, {Failures} failed, {Skipped} skipped, {Rescued} rescued, {Ignored} ignored",
        result.Stats.Ok, result.Stats.Changed, result.Stats.Failures, result.Stats.Skipped, result.Stats.Rescued, result.Stats.Ignored);
}
