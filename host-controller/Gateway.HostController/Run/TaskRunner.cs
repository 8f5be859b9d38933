using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.HostController.Policy;
using Gateway.HostController.Run.Journal;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>Runs one task, or each item of its loop, and says what is registered (ansible/executor/task_executor.py).</summary>
internal sealed class TaskRunner(
    RunContext context, Func<Origin, IHostReader> readers, Func<Change, CancellationToken, Task<ChangeOutcome>> execute, PolicyGuard policy)
{
    private readonly RunOptions options = context.Options;
    private readonly RunVariables variables = context.Variables;
    private readonly IRunObserver observer = context.Observer;
    private readonly TimeProvider clock = context.Clock;
    private readonly TaskJournal journal = context.Journal;
    private readonly Templar templar = new();
    private readonly TaskKeywords keywords = new(new Templar());
    private readonly ConditionEvaluator conditions = new(new Templar());
    private readonly ResultJudge judge = new(new ConditionEvaluator(new Templar()), context.Variables);

    /// <summary>The task's name, rendered where that is possible; the module when it has none.</summary>
    public string NameOf(TaskItem task) => Full(task, OwnNameOf(task) ?? Unnamed(task));

    /// <summary>The same without its role; null when it has none.</summary>
    public string? OwnNameOf(TaskItem task) => task.Name is not { } name ? null
        : !Templar.IsTemplate(name) ? name
        : templar.Render(name, task.At, variables.For(task, DictValue.Empty)).TryGet(out var rendered, out _) ? rendered.ToString() : name;

    /// <summary>Facts that are read once something asks for them; false when the task does not say which.</summary>
    public bool GatherFacts(TaskItem task)
    {
        var machine = readers(task.Origin);
        var attempts = new TaskAttempts(templar, machine, execute, observer, policy, new RunModes(Check: false, Diff: false, options.Verbosity));
        if (attempts.FactsAsked(task, variables.For(task, DictValue.Empty)) is not { } asked)
        {
            return false;
        }

        variables.SetFacts(new HostFacts(machine, asked.LocalFolder, asked.Subset));
        return true;
    }

    private static string Full(TaskItem task, string name) => task.Origin.Role is { } role ? $"{role.Name} : {name}" : name;

    private static string Unnamed(TaskItem task) => task.Module == "include_role" && task.Arguments.FirstOrDefault(argument => argument.Name == "name") is { } role
        ? $"{task.WrittenModule} : {role.Value}"
        : task.WrittenModule;

    /// <summary>Whether the conditions of a task that is for the runner itself hold.</summary>
    public Result<bool> Holds(TaskItem task)
    {
        if (!journal.Holds(task).TryGet(out var before, out var wrong))
        {
            return wrong;
        }

        var holds = before ?? conditions.AllHold(task.When, variables.For(task, DictValue.Empty));
        if (holds.IsSuccess)
        {
            journal.Add(task, holds.Value);
        }

        return holds;
    }

    /// <summary>Runs the task and registers its result.</summary>
    public async Task<TaskOutcome> RunAsync(TaskItem task, TaskStart start, CancellationToken cancellation)
    {
        if (!journal.Outcome(task).TryGet(out var before, out var wrong))
        {
            var failed = Failed(wrong[0].Message);
            return new TaskOutcome(failed, failed);
        }

        var outcome = before is not null ? Remember(task, before)
            : task.Loop is null ? await OnceAsync(task, start, DictValue.Empty, null, cancellation)
            : await LoopAsync(task, task.Loop, start, cancellation);
        journal.Add(task, outcome);
        Register(task, outcome);
        return outcome;
    }

    /// <summary>The machine could not be booted for a task: it failed after all.</summary>
    public TaskOutcome NotRebooted(TaskItem task, TaskOutcome outcome, string message)
    {
        static DictValue Undone(DictValue result) => result.TryGet("rebooted", out _) ? result.With("rebooted", false).With("changed", false) : result;
        outcome = (outcome with { Result = Undone(outcome.Result), Shown = Undone(outcome.Shown) }).Fail(message);
        journal.Correct(task, outcome);
        Register(task, outcome);
        return outcome;
    }

    private void Register(TaskItem task, TaskOutcome outcome)
    {
        if (task.Register is { } register)
        {
            variables.Set(register, outcome.Result.AsUnsafe());
        }
    }

    /// <summary>Sets the facts that the task, or each of its items, set before the boot.</summary>
    private TaskOutcome Remember(TaskItem task, TaskOutcome before)
    {
        var results = task.Loop is not null && before.Result.TryGet("results", out var items) && items is ListValue list ? list.Items.OfType<DictValue>() : [before.Result];
        foreach (var result in results)
        {
            variables.KeepFacts(task, result);
        }

        return before;
    }

    private async Task<TaskOutcome> LoopAsync(TaskItem task, Loop loop, TaskStart start, CancellationToken cancellation)
    {
        var given = LoopItems.Of(loop, templar, variables.For(task, DictValue.Empty));
        if (!given.TryGet(out var items, out var wrong))
        {
            // A condition may say that the loop does not matter; only else is it an error.
            return await OnceAsync(task, start, DictValue.Empty, wrong[0].Message, cancellation);
        }

        if (items.IsEmpty)
        {
            var none = Results.Of(("changed", false), ("skipped", true), ("skipped_reason", "No items in the list"), ("results", ListValue.Empty));
            return new TaskOutcome(none, none);
        }

        var outcomes = new List<TaskOutcome>();
        for (var i = 0; i < items.Length; i++)
        {
            if (i > 0 && Seconds(loop.Pause, task, DictValue.Empty) is var pause && pause > TimeSpan.Zero)
            {
                await Task.Delay(pause, clock, cancellation);
            }

            var item = LoopItems.Variables(loop, items, i);
            var outcome = await OnceAsync(task, start, item, null, cancellation);
            if (outcome.IsAborted)
            {
                return outcome;
            }

            outcome = outcome with { Result = outcome.Result.With(item), Shown = LoopItems.WithItem(outcome, item) };
            var label = LoopItems.Label(loop, templar, task.At, variables.For(task, item));
            outcome = label.IsSuccess ? outcome : outcome.Fail($"Failed to template loop_control.label: {label.Failure.Message}");
            outcome = outcome with { Labels = [LoopItems.Shown(label, outcome)] };
            outcomes.Add(outcome);
            observer.ItemFinished(new ItemReport(start, StatusOf(outcome), outcome.Labels[0], outcome.Shown));
        }

        return LoopItems.Collect(outcomes);
    }

    private static TaskStatus StatusOf(TaskOutcome outcome) =>
        TaskOutcome.HasFailed(outcome.Result) ? TaskStatus.Failed
        : TaskOutcome.IsTrue(outcome.Result, "skipped") ? TaskStatus.Skipped
        : TaskOutcome.IsTrue(outcome.Result, "changed") ? TaskStatus.Changed
        : TaskStatus.Ok;

    private async Task<TaskOutcome> OnceAsync(TaskItem task, TaskStart start, DictValue item, string? loopError, CancellationToken cancellation)
    {
        var result = await ResultAsync(task, start, item, loopError, cancellation);
        var seen = variables.For(task, item);
        var notify = ImmutableArray<string>.Empty;
        if (TaskOutcome.IsTrue(result, "changed") && !keywords.Notified(task, seen).TryGet(out notify, out var unknown))
        {
            result = result.With("failed", true).With("msg", unknown[0].Message);
        }

        // What should be hidden is hidden also when nobody can say whether it should.
        var hides = !keywords.Truth(task.NoLog, "no_log", task, seen).TryGet(out var censors, out _) || censors;
        return new TaskOutcome(result, hides ? CensoredResult.Of(result) : result)
        {
            IsCensored = hides,
            IsAborted = TaskOutcome.WasNotAsked(result),
            IgnoresErrors = keywords.Truth(task.IgnoreErrors, "ignore_errors", task, seen).TryGet(out var ignores, out _) && ignores,
            Notify = notify.IsDefault ? [] : notify,
        };
    }

    private async Task<DictValue> ResultAsync(TaskItem task, TaskStart start, DictValue item, string? loopError, CancellationToken cancellation)
    {
        var seen = variables.For(task, item);
        var holds = conditions.AllHold(task.When, seen);
        if (!holds.IsSuccess)
        {
            return Failed(loopError ?? holds.Failure.Message);
        }

        if (!holds.Value)
        {
            return Results.Of(("changed", false), ("skipped", true), ("skip_reason", "Conditional result was False"));
        }

        if (loopError is not null)
        {
            return Failed(loopError);
        }

        if (!keywords.Modes(task, seen, options.Check, options.Diff).TryGet(out var modes, out var wrong))
        {
            return Failed(wrong[0].Message);
        }

        var (check, diff) = modes;
        var attempts = new TaskAttempts(templar, readers(task.Origin), execute, observer, policy, new RunModes(check, diff, options.Verbosity));
        return await UntilAsync(task, start, item, attempts, cancellation);
    }

    private async Task<DictValue> UntilAsync(TaskItem task, TaskStart start, DictValue item, TaskAttempts attempts, CancellationToken cancellation)
    {
        var most = task.Until is null ? 1 : 1 + Math.Max(Number(task.Until.Retries, 3, task, item), 0);
        for (var attempt = 1; ; attempt++)
        {
            var result = await attempts.RunAsync(task, variables.For(task, item), cancellation);
            if (TaskOutcome.WasNotAsked(result))
            {
                return result;
            }

            if (task.Until is not null)
            {
                result = result.With("attempts", (long)attempt);
            }

            result = judge.Of(task, item, result);
            variables.KeepFacts(task, result);
            if (task.Until is not { } until || most <= 1)
            {
                return result;
            }

            var done = conditions.AllHold(until.Conditions, judge.Seen(task, item, result));
            if (!done.IsSuccess)
            {
                return Failed(done.Failure.Message);
            }

            if (done.Value)
            {
                return result;
            }

            if (attempt == most)
            {
                return result.With("attempts", (long)(most - 1)).With("failed", true);
            }

            observer.Retrying(start, most - attempt);
            await Task.Delay(Seconds(until.Delay, task, item, 5), clock, cancellation);
        }
    }

    private int Number(Value? value, int usual, TaskItem task, DictValue item) => (int)Math.Clamp(Seconds(value, task, item, usual).TotalSeconds, 0, 1_000_000);

    private TimeSpan Seconds(Value? value, TaskItem task, DictValue item, double usual = 0)
    {
        if (value is null || !templar.Resolve(value, task.At, variables.For(task, item)).TryGet(out var rendered, out _))
        {
            return TimeSpan.FromSeconds(value is null ? usual : 0);
        }

        return double.TryParse(rendered.ToString(), System.Globalization.CultureInfo.InvariantCulture, out var number) && number is >= 0 and < 1_000_000
            ? TimeSpan.FromSeconds(number)
            : TimeSpan.FromSeconds(usual);
    }

    private static DictValue Failed(string message) => Results.Of(("failed", true), ("msg", message));
}
