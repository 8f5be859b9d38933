using System.Collections.Immutable;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>Runs one play: its tasks in order, blocks with rescue and always, handlers where Ansible runs them.</summary>
internal sealed class PlayRunner(TaskRunner tasks, RunVariables variables, RunState state, RunOptions options, IRunObserver observer, TimeProvider clock)
{
    private readonly TagFilter tags = new(options.Tags, options.SkipTags);
    private ImmutableArray<TaskItem> handlers = [];

    /// <summary>Runs the play; false when a task failed and nothing made up for it.</summary>
    public async Task<bool> RunAsync(Play play, CancellationToken cancellation)
    {
        handlers = play.Handlers;
        variables.Play = play.Vars;
        variables.SetMagic("ansible_play_name", play.Name);
        state.PlayEnded = false;
        state.Notified.Clear();
        var good = await RunAllAsync(play, cancellation);
        if (!good && play.ForceHandlers)
        {
            await FlushAsync(cancellation);
        }

        return good;
    }

    private async Task<bool> RunAllAsync(Play play, CancellationToken cancellation)
    {
        if (play.GatherFacts is { } gather && !await NodesAsync([gather], cancellation))
        {
            return false;
        }

        foreach (var section in (ImmutableArray<TaskNode>[])[play.PreTasks, play.Tasks, play.PostTasks])
        {
            if (!await NodesAsync(section, cancellation) || !await FlushAsync(cancellation))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> NodesAsync(ImmutableArray<TaskNode> nodes, CancellationToken cancellation)
    {
        foreach (var node in nodes)
        {
            if (state.PlayEnded)
            {
                return true;
            }

            var good = node switch
            {
                TaskBlock block => await BlockAsync(block, cancellation),
                TaskItem task when tags.Admits(task.Tags) => await TaskAsync(task, isHandler: false, cancellation),
                _ => true,
            };
            if (!good)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> BlockAsync(TaskBlock block, CancellationToken cancellation)
    {
        state.Rescuers += block.HasRescue ? 1 : 0;
        var good = await NodesAsync(block.Block, cancellation);
        state.Rescuers -= block.HasRescue ? 1 : 0;
        if (!good && block.HasRescue)
        {
            good = await NodesAsync(block.Rescue, cancellation);
        }

        return await NodesAsync(block.Always, cancellation) && good;
    }

    private async Task<bool> FlushAsync(CancellationToken cancellation)
    {
        foreach (var handler in handlers.Where(state.Notified.Contains))
        {
            if (state.PlayEnded)
            {
                return true;
            }

            state.Notified.Remove(handler);
            if (!await TaskAsync(handler, isHandler: true, cancellation))
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> TaskAsync(TaskItem task, bool isHandler, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        if (task.Module == "meta")
        {
            return await MetaAsync(task, cancellation);
        }

        var start = new TaskStart(tasks.NameOf(task), task.WrittenModule, task.At, isHandler);
        observer.TaskStarted(start);
        var begun = clock.GetTimestamp();
        var outcome = await tasks.RunAsync(task, start, cancellation);
        if (StatusOf(outcome) == TaskStatus.Changed && Notify(outcome) is { } unknown)
        {
            outcome = outcome.Fail(unknown) with { IgnoresErrors = false };
        }

        return Finish(start, outcome, clock.GetElapsedTime(begun));
    }

    /// <summary>Counts a task and shows it; false when the play cannot go on.</summary>
    private bool Finish(TaskStart start, TaskOutcome outcome, TimeSpan took)
    {
        var status = StatusOf(outcome);
        state.Count(status, TaskOutcome.IsTrue(outcome.Result, "changed"), start, outcome.Message);
        if (status == TaskStatus.Rescued)
        {
            variables.Set("ansible_failed_result", outcome.Result);
            variables.Set("ansible_failed_task", Results.Of(("name", start.Name), ("action", start.Module)));
        }

        observer.TaskFinished(new TaskReport(start, status, outcome.Shown, took));
        return status is not (TaskStatus.Failed or TaskStatus.Rescued);
    }

    private TaskStatus StatusOf(TaskOutcome outcome) =>
        TaskOutcome.IsTrue(outcome.Result, "failed") ? outcome.IgnoresErrors ? TaskStatus.Ignored : state.Rescuers > 0 ? TaskStatus.Rescued : TaskStatus.Failed
        : TaskOutcome.IsTrue(outcome.Result, "skipped") ? TaskStatus.Skipped
        : TaskOutcome.IsTrue(outcome.Result, "changed") ? TaskStatus.Changed
        : TaskStatus.Ok;

    /// <summary>Notes which handlers are to run; why not when there is none of a name, in Ansible's words.</summary>
    private string? Notify(TaskOutcome outcome)
    {
        foreach (var name in outcome.Notify)
        {
            var named = handlers.FirstOrDefault(handler => handler.Name is not null && tasks.NameOf(handler) == name);
            var listening = handlers.Where(handler => handler.Listen.Contains(name)).ToList();
            if (named is not null)
            {
                state.Notified.Add(named);
            }

            state.Notified.UnionWith(listening);
            if (named is null && listening.Count == 0)
            {
                return $"The requested handler '{name}' was not found in either the main handlers list nor in the listening handlers list";
            }
        }

        return null;
    }

    private async Task<bool> MetaAsync(TaskItem task, CancellationToken cancellation)
    {
        var what = task.Arguments.FirstOrDefault()?.Value.ToString();
        if (what == "noop")
        {
            return true;
        }

        if (!tasks.Holds(task).TryGet(out var holds, out var wrong))
        {
            var start = new TaskStart(tasks.NameOf(task), task.WrittenModule, task.At, IsHandler: false);
            observer.TaskStarted(start);
            var failed = Results.Of(("changed", false), ("failed", true), ("msg", wrong[0].Message));
            return Finish(start, new TaskOutcome(failed, failed), TimeSpan.Zero);
        }

        if (!holds)
        {
            return true;
        }

        switch (what)
        {
            case "flush_handlers":
                return await FlushAsync(cancellation);
            case "clear_facts":
                variables.ClearFacts();
                break;
            default:
                state.PlayEnded = true;
                break;
        }

        return true;
    }
}
