using System.Collections.Immutable;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>Runs one play: its tasks in order, blocks with rescue and always, handlers where Ansible runs them.</summary>
internal sealed class PlayRunner(TaskRunner tasks, RunContext context, Includer includer)
{
    private readonly RunVariables variables = context.Variables;
    private readonly RunState state = context.State;
    private readonly TaskLedger ledger = new(tasks, context);
    private readonly TagFilter tags = new(context.Options.Tags, context.Options.SkipTags);
    private readonly HandlerList handlers = new(tasks.NameOf);

    /// <summary>Runs the play; false when a task failed and nothing made up for it.</summary>
    public async Task<bool> RunAsync(Play play, CancellationToken cancellation)
    {
        handlers.Begin(play.Handlers);
        variables.Enter(play);
        state.PlayEnded = false;
        state.RolesRun.Clear();
        var good = await RunAllAsync(play, cancellation);
        if (!good && play.ForceHandlers)
        {
            await FlushAsync(cancellation);
        }

        return good && !state.HasBrokenInclude;
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
        if (block.Role is { } role)
        {
            return state.RolesRun.Contains(role) || await RoleAsync(role, block.Block, cancellation);
        }

        state.Rescuers += block.HasRescue ? 1 : 0;
        var good = await NodesAsync(block.Block, cancellation);
        state.Rescuers -= block.HasRescue ? 1 : 0;
        if (!good && block.HasRescue)
        {
            good = await NodesAsync(block.Rescue, cancellation);
        }

        return await NodesAsync(block.Always, cancellation) && good;
    }

    /// <summary>A role has run when one of its tasks was not skipped.</summary>
    private async Task<bool> RoleAsync(string role, ImmutableArray<TaskNode> nodes, CancellationToken cancellation)
    {
        var before = state.Done;
        var good = await NodesAsync(nodes, cancellation);
        if (good && state.Done > before)
        {
            state.RolesRun.Add(role);
        }

        return good;
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

        var start = ledger.Begin(task, isHandler);
        var begun = context.Clock.GetTimestamp();
        var outcome = await tasks.RunAsync(task, start, cancellation);
        if (context.Journal.TakeAsked() is { } reboot && await context.Options.Reboots!.RebootAsync(reboot, context.Journal.Entries, context.Observer.Progress, cancellation) is { } undone)
        {
            outcome = tasks.NotRebooted(task, outcome, undone);
        }

        if (TaskInclusion.Includes(task))
        {
            return await IncludeAsync(task, start, outcome, cancellation);
        }

        if (ledger.StatusOf(outcome) == TaskStatus.Changed && handlers.Notify(outcome.Notify) is { } unknown)
        {
            outcome = outcome.Fail(unknown) with { IgnoresErrors = false };
        }

        return ledger.Finish(start, outcome, context.Clock.GetElapsedTime(begun));
    }

    /// <summary>Facts are read when something asks for them.</summary>
    private Task<bool> GatherAsync(TaskItem gather, CancellationToken cancellation)
    {
        if (!tasks.Holds(gather).TryGet(out var holds, out _) || !holds || !tasks.GatherFacts(gather))
        {
            return TaskAsync(gather, isHandler: false, cancellation);
        }

        var start = ledger.Begin(gather, isHandler: false);
        var result = Results.Of(("changed", false));
        return Task.FromResult(ledger.Finish(start, new TaskOutcome(result, result), TimeSpan.Zero));
    }

    private async Task<bool> IncludeAsync(TaskItem task, TaskStart start, TaskOutcome outcome, CancellationToken cancellation)
    {
        var inclusion = includer.Resolve(task, outcome);
        foreach (var (read, label) in inclusion.Parts.Where(part => part.Tasks is { File: not null, Tasks.IsEmpty: false }))
        {
            ledger.Included(start, includer.PathOf(read.File!), label);
        }

        if (inclusion.IsBroken)
        {
            return ledger.Break(start, inclusion.Outcome);
        }

        if (inclusion.Parts.IsEmpty)
        {
            return ledger.Finish(start, inclusion.Outcome, TimeSpan.Zero);
        }

        ledger.End(start, inclusion.Outcome);
        foreach (var (part, _) in inclusion.Parts)
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

    private async Task<bool> MetaAsync(TaskItem task, CancellationToken cancellation)
    {
        var what = task.Arguments.FirstOrDefault()?.Value.ToString();
        var start = ledger.Begin(task, isHandler: false);
        if (what == "noop")
        {
            return true;
        }

        if (!tasks.Holds(task).TryGet(out var holds, out var wrong))
        {
            return ledger.Fail(start, wrong[0].Message);
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
