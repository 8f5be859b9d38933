using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.HostController.Policy;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>What an include came to: its parts in order, each with the tasks to run.</summary>
/// <param name="Outcome">Of the include itself.</param>
/// <param name="Parts">One for each file or role that is included.</param>
internal sealed record Inclusion(TaskOutcome Outcome, ImmutableArray<IncludedTasks> Parts);

/// <summary>Reads what includes name once they are reached, for each item of their loops.</summary>
internal sealed class Includer(ParseOptions options, PolicyGuard policy)
{
    public Inclusion Resolve(TaskItem task, TaskOutcome outcome)
    {
        var parts = ImmutableArray.CreateBuilder<IncludedTasks>();
        foreach (var result in Results(task, outcome.Result))
        {
            if (TaskOutcome.IsTrue(result, "failed") || TaskOutcome.IsTrue(result, "skipped"))
            {
                continue;
            }

            var loaded = TaskInclusion.Load(task, result, Item(task, result), options);
            var wrong = loaded.IsSuccess ? policy.Judge(loaded.Value.AllTasks) : loaded.Failures;
            if (!wrong.IsEmpty)
            {
                return new Inclusion(outcome.Fail(string.Join("; ", wrong.Select(failure => Line(failure, task)))), []);
            }

            parts.Add(loaded.Value);
        }

        return new Inclusion(outcome, parts.ToImmutable());
    }

    private static string Line(Failure failure, TaskItem task) => failure.Subject == task.At.ToString() ? failure.Message : failure.ToString();

    private static IEnumerable<DictValue> Results(TaskItem task, DictValue result) =>
        task.Loop is null ? [result] : result.TryGet("results", out var results) && results is ListValue list ? list.Items.OfType<DictValue>() : [];

    /// <summary>The loop variables of one item, as the included tasks see them.</summary>
    private static DictValue Item(TaskItem task, DictValue result) => task.Loop is not { } loop ? DictValue.Empty : DictValue.Of(result.Entries
        .Where(entry => entry.Key.ToString() is "ansible_loop" or "ansible_loop_var" or "ansible_index_var" || entry.Key.ToString() == loop.Variable || entry.Key.ToString() == loop.IndexVariable));
}
