using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>Renders keywords of tasks. One that cannot be rendered fails its task: nothing is taken for "no" by mistake.</summary>
internal sealed class TaskKeywords(Templar templar)
{
    /// <summary>A keyword that says yes or no; no when it is not given.</summary>
    public Result<bool> Truth(Value? value, string keyword, TaskItem task, IVariables seen)
    {
        if (value is null)
        {
            return false;
        }

        if (!templar.Resolve(value, task.At, seen).TryGet(out var rendered, out var wrong))
        {
            return wrong[0] with { Message = $"'{keyword}' cannot be rendered: {wrong[0].Message}" };
        }

        return rendered is UndefinedValue undefined ? Failure.At(Phase.Apply, task.At, $"'{keyword}' cannot be rendered: {undefined.Message}")
            : OptionReader.Boolean(rendered) is { } truth ? truth.Value
            : Failure.At(Phase.Apply, task.At, $"'{keyword}' must be true or false, not '{rendered}'");
    }

    /// <summary>Whether a task only finds out, and whether it shows differences; or which of its keywords says neither yes nor no.</summary>
    public Result<(bool Check, bool Diff)> Modes(TaskItem task, IVariables seen, bool check, bool diff)
    {
        if (!Truth(task.NoLog, "no_log", task, seen).TryGet(out _, out var wrong)
            || !Truth(task.IgnoreErrors, "ignore_errors", task, seen).TryGet(out _, out wrong)
            || !Truth(task.CheckMode, "check_mode", task, seen).TryGet(out var ownCheck, out wrong)
            || !Truth(task.Diff, "diff", task, seen).TryGet(out var ownDiff, out wrong))
        {
            return wrong;
        }

        return (task.CheckMode is null ? check : ownCheck, task.Diff is null ? diff : ownDiff);
    }

    /// <summary>Handlers and topics a task notifies.</summary>
    public Result<ImmutableArray<string>> Notified(TaskItem task, IVariables seen)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var notify in task.Notify)
        {
            if (!templar.Resolve(notify, task.At, seen).TryGet(out var rendered, out var wrong))
            {
                return wrong[0] with { Message = $"'notify' cannot be rendered: {wrong[0].Message}" };
            }

            names.AddRange(rendered is ListValue list ? list.Items.Select(name => name.ToString()) : [rendered.ToString()]);
        }

        return names.ToImmutable();
    }
}
