using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>Whether a result counts as changed or failed.</summary>
internal sealed class ResultJudge(ConditionEvaluator conditions, RunVariables variables)
{
    /// <summary>What <c>changed_when</c> and <c>failed_when</c> make of a result.</summary>
    public DictValue Of(TaskItem task, DictValue item, DictValue result)
    {
        var failed = result.TryGet("failed", out var said) ? said.IsTrue : result.TryGet("rc", out var status) && status is IntValue { Value: not 0 };
        result = result.With("failed", failed);
        result = result.TryGet("changed", out _) ? result : result.With("changed", false);
        if (result.TryGet("skipped", out _))
        {
            return result;
        }

        if (!task.ChangedWhen.IsEmpty)
        {
            var changed = conditions.AllHold(task.ChangedWhen, Seen(task, item, result));
            if (!changed.IsSuccess)
            {
                return result.With("failed", true).With("changed_when_result", changed.Failure.Message);
            }

            result = result.With("changed", changed.Value);
        }

        if (!task.FailedWhen.IsEmpty)
        {
            var fails = conditions.AllHold(task.FailedWhen, Seen(task, item, result));
            result = fails.IsSuccess
                ? result.With("failed_when_result", fails.Value).With("failed", fails.Value)
                : result.With("failed", true).With("failed_when_result", fails.Failure.Message);
        }

        return result;
    }

    /// <summary>What conditions about a result see: the result itself, and the loop's variables.</summary>
    public IVariables Seen(TaskItem task, DictValue item, DictValue result) =>
        variables.For(task, task.Register is { } register ? item.With(register, result) : item);
}
