using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.HostController.Policy;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>What an include came to: its parts in order, each with the tasks to run.</summary>
/// <param name="Outcome">Of the include itself.</param>
/// <param name="Parts">One for each file or role that is included.</param>
/// <param name="IsBroken">Whether one of them cannot be had.</param>
internal sealed record Inclusion(TaskOutcome Outcome, ImmutableArray<IncludedPart> Parts, bool IsBroken);

/// <summary>A file or role that is included, and what stands for the item it is included for; null outside a loop.</summary>
internal sealed record IncludedPart(IncludedTasks Tasks, string? Label);

/// <summary>Reads what includes name once they are reached, for each item of their loops.</summary>
internal sealed class Includer(ParseOptions options, PolicyGuard policy, HostAccess host)
{
    /// <summary>The tasks; the outcome has failed when one of the files or roles cannot be had or may not be run, the others are there all the same.</summary>
    public Inclusion Resolve(TaskItem task, TaskOutcome outcome)
    {
        var parts = ImmutableArray.CreateBuilder<IncludedPart>();
        var results = Results(task, outcome.Result).ToList();
        var isBroken = false;
        for (var i = 0; i < results.Count; i++)
        {
            if (TaskOutcome.IsTrue(results[i], "failed") || TaskOutcome.IsTrue(results[i], "skipped"))
            {
                continue;
            }

            var loaded = TaskInclusion.Load(task, results[i], Item(task, results[i]), options);
            var wrong = loaded.IsSuccess ? policy.Judge(loaded.Value.AllTasks) : loaded.Failures;
            if (wrong.IsEmpty)
            {
                parts.Add(new IncludedPart(loaded.Value, i < outcome.Labels.Length ? outcome.Labels[i] : null));
            }
            else
            {
                isBroken = true;
                outcome = outcome.FailInclude(string.Join("; ", wrong.Select(failure => Line(failure, task))));
            }
        }

        return new Inclusion(outcome, parts.ToImmutable(), isBroken);
    }

    /// <summary>The file's path on this machine.</summary>
    public string PathOf(string file) => Path.GetFullPath(Path.Combine(host.PlaybookFolder ?? "/", file));

    private static string Line(Failure failure, TaskItem task) => failure.Subject == task.At.ToString() ? failure.Message : failure.ToString();

    private static IEnumerable<DictValue> Results(TaskItem task, DictValue result) =>
        task.Loop is null ? [result] : result.TryGet("results", out var results) && results is ListValue list ? list.Items.OfType<DictValue>() : [];

    /// <summary>The loop variables of one item, as the included tasks see them.</summary>
    private static DictValue Item(TaskItem task, DictValue result) => task.Loop is not { } loop ? DictValue.Empty : DictValue.Of(result.Entries
        .Where(entry => entry.Key.ToString() is "ansible_loop" or "ansible_loop_var" or "ansible_index_var" || entry.Key.ToString() == loop.Variable || entry.Key.ToString() == loop.IndexVariable));
}
