using System.Collections.Immutable;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>Runs one play: its tasks in order, blocks with rescue and always, handlers where Ansible runs them.</summary>
internal sealed class PlayRunner(TaskRunner tasks, RunContext context, Includer includer)
{
    private readonly RunVariables variables = context.Variables;
    private readonly RunState state = context.State;
    private readonly IRunObserver observer = context.Observer;
    private readonly TagFilter tags = new(context.Options.Tags, context.Options.SkipTags);
    private readonly HandlerList handlers = new(tasks.NameOf);

    /// <summary>Runs the play; false when a task failed and nothing made up for it.</summary>
    public async Task<bool> RunAsync(Play play, CancellationToken cancellation)
    {
        handlers.Begin(play.Handlers);
        variables.Enter(play);
        state.PlayEnded = false;
        var good = await RunAllAsync(play, cancellation);
        if (!good && play.ForceHandlers)
        {
            await FlushAsync(cancellation);
        }

        return good;
    }

    private async Task<bool> RunAllAsync(Play play, CancellationToken cancellation)
    {
        if (play.GatherFacts is { } gather && tags.Admits(gather.Tags) && !await GatherAsync(gather, cancellation))
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
        foreach (var handler in handlers.Take())
        {
            if (state.PlayEnded)
            {
                return true;
            }

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

        var start = Begin(task, isHandler);
        var begun = context.Clock.GetTimestamp();
        var outcome = await tasks.RunAsync(task, start, cancellation);
        if (context.Journal.TakeAsked() is { } reboot && await context.Options.Reboots!.RebootAsync(reboot, context.Journal.Entries, observer.Progress, cancellation) is { } undone)
        {
            outcome = tasks.NotRebooted(task, outcome, undone);
        }

        if (TaskInclusion.Includes(task))
        {
            return await IncludeAsync(task, start, outcome, cancellation);
        }

        if (StatusOf(outcome) == TaskStatus.Changed && handlers.Notify(outcome.Notify) is { } unknown)
        {
            outcome = outcome.Fail(unknown) with { IgnoresErrors = false };
        }

        return Finish(start, outcome, context.Clock.GetElapsedTime(begun));
    }

    private TaskStart Begin(TaskItem task, bool isHandler)
    {
        var start = new TaskStart(tasks.NameOf(task), task.WrittenModule, task.At, isHandler);
        observer.TaskStarted(start);
        return start;
    }

    /// <summary>Facts are read when something asks for them.</summary>
    private Task<bool> GatherAsync(TaskItem gather, CancellationToken cancellation)
    {
        if (!tasks.Holds(gather).TryGet(out var holds, out _) || !holds)
        {
            return TaskAsync(gather, isHandler: false, cancellation);
        }

        var start = Begin(gather, isHandler: false);
        tasks.GatherFacts(gather);
        var result = Results.Of(("changed", false));
        return Task.FromResult(Finish(start, new TaskOutcome(result, result), TimeSpan.Zero));
    }

    private async Task<bool> IncludeAsync(TaskItem task, TaskStart start, TaskOutcome outcome, CancellationToken cancellation)
    {
        var inclusion = includer.Resolve(task, outcome);
        if (inclusion.Parts.IsEmpty)
        {
            return Finish(start, inclusion.Outcome, TimeSpan.Zero);
        }

        // Each file or role counts by itself, as in Ansible's recap.
        for (var more = 1; more < inclusion.Parts.Length; more++)
        {
            state.Count(TaskStatus.Ok, isChanged: false, start, "");
        }

        if (!Finish(start, inclusion.Outcome, TimeSpan.Zero))
        {
            return false;
        }

        foreach (var part in inclusion.Parts)
        {
            handlers.Add(part.Handlers);
            if (part.Public is { } role)
            {
                variables.Publish(role);
            }

            if (!await NodesAsync(part.Tasks, cancellation))
            {
                return false;
            }
        }

        return true;
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

    private async Task<bool> MetaAsync(TaskItem task, CancellationToken cancellation)
    {
        var what = task.Arguments.FirstOrDefault()?.Value.ToString();
        if (what == "noop")
        {
            return true;
        }

        if (!tasks.Holds(task).TryGet(out var holds, out var wrong))
        {
            var start = Begin(task, isHandler: false);
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
            case "refresh_inventory" or "clear_host_errors" or "reset_connection":
                break;
            default:
                state.PlayEnded = true;
                break;
        }

        return true;
    }
}
