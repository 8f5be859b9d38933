using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>Counts what came of tasks, as Ansible's recap does, and tells whoever looks on.</summary>
internal sealed class TaskLedger(TaskRunner tasks, RunContext context)
{
    private readonly RunState state = context.State;

    public TaskStart Begin(TaskItem task, bool isHandler)
    {
        var start = new TaskStart(tasks.NameOf(task), task.WrittenModule, task.At, isHandler) { OwnName = tasks.OwnNameOf(task) ?? "" };
        context.Observer.TaskStarted(start);
        return start;
    }

    /// <summary>Counts a task and shows it; false when the play cannot go on.</summary>
    public bool Finish(TaskStart start, TaskOutcome outcome, TimeSpan took)
    {
        var status = StatusOf(outcome);
        state.Count(status, TaskOutcome.IsTrue(outcome.Result, "changed"), start, outcome.Message);
        if (status == TaskStatus.Rescued)
        {
            context.Variables.Set("ansible_failed_result", outcome.Result);
            context.Variables.Set("ansible_failed_task", Results.Of(("name", start.OwnName), ("action", start.Module)));
        }

        context.Observer.TaskFinished(new TaskReport(start, status, outcome.Shown, took));
        return status is not (TaskStatus.Failed or TaskStatus.Rescued);
    }

    /// <summary>Counts a file of tasks that was included, and shows it; roles do not count, nor do files that hold nothing.</summary>
    public void Included(TaskStart start, string path, string? label)
    {
        state.Count(TaskStatus.Ok, isChanged: false, start, "");
        context.Observer.Included(path, label);
    }

    /// <summary>Shows an include that counts by what it included.</summary>
    public void End(TaskStart start, TaskOutcome outcome) => context.Observer.TaskFinished(new TaskReport(start, TaskStatus.Ok, outcome.Shown, TimeSpan.Zero));

    /// <summary>
    /// Counts an include whose file or role cannot be had. As in Ansible it counts as failed whatever comes after: a rescue
    /// part runs and the play goes on, but no later play does.
    /// </summary>
    public bool Break(TaskStart start, TaskOutcome outcome)
    {
        state.HasBrokenInclude = true;
        state.Count(TaskStatus.Failed, isChanged: false, start, outcome.Message);
        context.Observer.TaskFinished(new TaskReport(start, TaskStatus.Failed, outcome.Shown, TimeSpan.Zero));
        return false;
    }

    /// <summary>A task that fails before it is asked to do anything.</summary>
    public bool Fail(TaskStart start, string message)
    {
        var failed = Results.Of(("changed", false), ("failed", true), ("msg", message));
        return Finish(start, new TaskOutcome(failed, failed), TimeSpan.Zero);
    }

    public TaskStatus StatusOf(TaskOutcome outcome) =>
        TaskOutcome.HasFailed(outcome.Result) ? outcome.IgnoresErrors ? TaskStatus.Ignored : state.Rescuers > 0 ? TaskStatus.Rescued : TaskStatus.Failed
        : TaskOutcome.IsTrue(outcome.Result, "skipped") ? TaskStatus.Skipped
        : TaskOutcome.IsTrue(outcome.Result, "changed") ? TaskStatus.Changed
        : TaskStatus.Ok;
}
