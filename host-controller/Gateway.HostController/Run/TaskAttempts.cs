using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.HostController.Policy;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>How a task is run.</summary>
internal readonly record struct RunModes(bool Check, bool Diff, int Verbosity);

/// <summary>One attempt at a task: arguments rendered, module asked for a plan, plan carried out unless in check mode.</summary>
internal sealed class TaskAttempts(
    Templar templar, IHostReader reader, Func<Change, CancellationToken, Task<ChangeOutcome>> execute, IRunObserver observer, PolicyGuard policy, RunModes modes)
{
    /// <summary>The result, before <c>changed_when</c> and <c>failed_when</c>.</summary>
    public async Task<DictValue> RunAsync(TaskItem task, IVariables variables, CancellationToken cancellation)
    {
        var module = ModuleTable.Find(task.Module)!;
        if (!Arguments(task, module, variables).TryGet(out var arguments, out var wrong) || !Environment(task, variables).TryGet(out var environment, out wrong))
        {
            return Results.Of(("failed", true), ("msg", wrong[0].Message));
        }

        var (values, problem) = module.Schema.Bind(arguments);
        if (values is null)
        {
            return Failed(problem!);
        }

        var context = new ModuleContext(modes.Check, modes.Diff, modes.Verbosity, task.At, environment, templar, variables);
        var plan = await module.PlanAsync(values, context, reader, cancellation);
        if (!plan.IsFailure && policy.Refusal(module, values, context, reader, plan.Changes) is { } refused)
        {
            return Failed(refused);
        }

        if (plan is { PlanAgain: true, IsFailure: false } && !modes.Check)
        {
            var prepared = await CarryOutAsync(plan, cancellation);
            if (TaskOutcome.IsTrue(prepared, "failed"))
            {
                return prepared;
            }

            plan = await module.PlanAsync(values, context with { Round = 1 }, reader, cancellation);
            if (!plan.IsFailure && policy.Refusal(module, values, context, reader, plan.Changes) is { } refusedAgain)
            {
                return Failed(refusedAgain);
            }
        }

        return Complete(plan, await CarryOutAsync(plan, cancellation));
    }

    /// <summary>Which facts a play gathers; null when its arguments are wrong, as the task itself will say.</summary>
    public SetupArguments? FactsAsked(TaskItem task, IVariables variables)
    {
        var module = (SetupModule)ModuleTable.Find(task.Module)!;
        return Arguments(task, module, variables).TryGet(out var arguments, out _) && module.Schema.Bind(arguments) is (OptionValues values, _)
            && module.Parse(values, new ModuleContext(modes.Check, modes.Diff, modes.Verbosity, task.At, [], templar, variables)).TryGet(out var asked, out _) && asked.Filters.IsEmpty ? asked : null;
    }

    private async Task<DictValue> CarryOutAsync(TaskPlan plan, CancellationToken cancellation)
    {
        foreach (var warning in plan.Warnings)
        {
            observer.Warning(warning);
        }

        if (plan.IsFailure)
        {
            return plan.Result.TryGet("changed", out _) ? plan.Result : plan.Result.With("changed", false);
        }

        var result = plan.Result.TryGet("changed", out _) ? plan.Result : plan.Result.With("changed", !plan.Changes.IsEmpty);
        if (modes.Check || plan.Changes.IsEmpty)
        {
            return result;
        }

        var outcomes = ImmutableArray.CreateBuilder<ChangeOutcome>(plan.Changes.Length);
        foreach (var change in plan.Changes)
        {
            outcomes.Add(await execute(change, cancellation));
            if (outcomes[^1] is { Error: not null } or { NotFound: true })
            {
                break;
            }
        }

        var done = outcomes.ToImmutable();
        if (plan.Report is { } report)
        {
            var reported = report(done);
            return reported.TryGet("changed", out _) ? reported : reported.With("changed", !TaskOutcome.IsTrue(reported, "failed"));
        }

        return done[^1].Error is null ? result : Results.Failed(done[^1]).With("changed", false);
    }

    private DictValue Complete(TaskPlan plan, DictValue result)
    {
        var failed = TaskOutcome.IsTrue(result, "failed");
        var named = (plan.DescribesResult || failed) && (result.TryGet("path", out var made) || result.TryGet("dest", out made)) ? made.ToString() : null;
        if ((failed ? named : plan.PathInfo ?? named) is { } path)
        {
            result = result.With(PathInfo(path));
        }

        foreach (var stream in (ReadOnlySpan<string>)["stdout", "stderr"])
        {
            if (result.TryGet(stream, out var text) && !result.TryGet(stream + "_lines", out _))
            {
                result = result.With(stream + "_lines", Results.List(PythonLines.Split(text.ToString())));
            }
        }

        return plan.Warnings.IsEmpty ? result : result.With("warnings", Results.List(plan.Warnings));
    }

    /// <summary>What Ansible adds to every result about a path.</summary>
    private DictValue PathInfo(string path)
    {
        if (reader.Stat(path, follow: true) is null || reader.Stat(path, follow: false) is not { } state)
        {
            return DictValue.Empty;
        }

        var kind = state.Kind switch { FileKind.Link => "link", FileKind.Directory => "directory", _ => state.Links > 1 ? "hard" : "file" };
        return Results.Of(
            ("gid", (long)state.Gid), ("group", reader.GroupName(state.Gid)), ("mode", Results.Mode(state.Mode)), ("owner", reader.UserName(state.Uid)),
            ("size", state.Size), ("state", kind), ("uid", (long)state.Uid));
    }

    private Result<Dictionary<string, Value>> Arguments(TaskItem task, TaskModule module, IVariables variables)
    {
        var arguments = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (var argument in task.Arguments)
        {
            if (module.Schema.Find(argument.Name)?.Type == OptionType.Unrendered)
            {
                arguments[argument.Name] = argument.Value;
                continue;
            }

            if (!templar.Resolve(argument.Value, argument.At, variables).TryGet(out var rendered, out var wrong))
            {
                return TaskInclusion.Includes(task) ? wrong : NotRendered(task, wrong[0]);
            }

            if (!Name(argument, module, variables).TryGet(out var name, out wrong))
            {
                return wrong;
            }

            if (rendered is not OmitValue)
            {
                arguments[name] = rendered.WithoutOmitted();
            }
        }

        return arguments;
    }

    private static Failure NotRendered(TaskItem task, Failure why) => why.Kind switch
    {
        FailureKind.NotFound => why with { Message = $"The task includes an option with an undefined variable. The error was: {why.Message}" },
        FailureKind.Refused => why with
        {
            Message = $"the field 'args' has an invalid value ({DictValue.Of(task.Arguments.Select(argument => new KeyValuePair<string, Value>(argument.Name, argument.Value)))}), and could not be converted to an dict.The error was: {why.Message}",
        },
        _ => why,
    };

    /// <summary>Names of facts may be templates as well.</summary>
    private Result<string> Name(Argument argument, TaskModule module, IVariables variables) => module.Schema.AnyName && Templar.IsTemplate(argument.Name)
        ? templar.Render(argument.Name, argument.At, variables).Then<string>(name => name.ToString())
        : argument.Name;

    private Result<ImmutableArray<KeyValuePair<string, string>>> Environment(TaskItem task, IVariables variables)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var layer in task.Environment)
        {
            if (!templar.Resolve(layer, task.At, variables).TryGet(out var rendered, out var wrong))
            {
                return wrong[0].Kind != FailureKind.NotFound ? wrong
                    : wrong[0] with { Message = $"The field 'environment' has an invalid value, which includes an undefined variable. The error was: {wrong[0].Message}" };
            }

            foreach (var pair in (rendered as DictValue ?? DictValue.Empty).Entries)
            {
                environment[pair.Key.ToString()] = pair.Value.ToString();
            }
        }

        return environment.ToImmutableArray();
    }

    private static DictValue Failed(string message) => Results.Of(("changed", false), ("failed", true), ("msg", message));
}
