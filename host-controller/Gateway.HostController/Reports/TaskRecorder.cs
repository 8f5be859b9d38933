using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.HostController.Run;
using TaskStatus = Gateway.HostController.Run.TaskStatus;

namespace Gateway.HostController.Reports;

/// <summary>Notes the tasks of a run for its report. Results are left out: they may hold anything.</summary>
internal sealed class TaskRecorder : IRunObserver
{
    private const int MostTasks = 500;
    private const int LongestName = 200;
    private readonly List<TaskLine> tasks = [];

    /// <summary>The first tasks, at most 500.</summary>
    public ImmutableArray<TaskLine> Tasks => [.. tasks];

    public void TaskFinished(TaskReport task)
    {
        if (tasks.Count < MostTasks)
        {
            tasks.Add(new TaskLine(Short(task.Task.Name), Short(task.Task.Module), task.Task.At.ToString(), NameOf(task.Status), Math.Round(task.Duration.TotalSeconds, 3)));
        }
    }

    /// <summary>The status as reports and logs write it.</summary>
    public static string NameOf(TaskStatus status) => status switch
    {
        TaskStatus.Ok => "ok",
        TaskStatus.Changed => "changed",
        TaskStatus.Skipped => "skipped",
        TaskStatus.Failed => "failed",
        TaskStatus.Ignored => "ignored",
        TaskStatus.Rescued => "rescued",
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, null),
    };

    private static string Short(string text)
    {
        var line = OneLine.Of(text);
        return line.Length <= LongestName ? line : line[..LongestName] + "…";
    }
}
