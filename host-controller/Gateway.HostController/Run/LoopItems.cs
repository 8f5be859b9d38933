using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>The items of a loop, what a task sees of them, and how their results become one.</summary>
internal static class LoopItems
{
    public static Result<ImmutableArray<Value>> Of(Loop loop, Templar templar, IVariables variables)
    {
        if (loop.Lookup is { } lookup)
        {
            return templar.Lookup(lookup, loop.Items, loop.At, variables).Then<ImmutableArray<Value>>(found => found.Select(item => item.AsUnsafe()).ToImmutableArray());
        }

        if (!templar.Resolve(loop.Items, loop.At, variables).TryGet(out var items, out var wrong))
        {
            return wrong;
        }

        if (items is UndefinedValue undefined)
        {
            return Failure.At(Phase.Apply, loop.At, undefined.Message);
        }

        return items is ListValue given
            ? given.Items
            : Failure.At(Phase.Apply, loop.At,
                $"Invalid data passed to 'loop', it requires a list, got this instead: {items}. Hint: If you passed a list/dict of just one element, try adding wantlist=True to your lookup invocation or use q/query instead of lookup.");
    }

    public static DictValue Variables(Loop loop, ImmutableArray<Value> items, int index)
    {
        var variables = DictValue.Of((loop.Variable, items[index]), ("ansible_loop_var", loop.Variable));
        if (loop.IndexVariable is { } name)
        {
            variables = DictValue.Of(variables.Entries.Concat(DictValue.Of((name, (long)index), ("ansible_index_var", name)).Entries));
        }

        return loop.Extended ? variables.With(new TextValue("ansible_loop"), Extended(items, index, loop.ExtendedAllItems)) : variables;
    }

    /// <summary>What stands for an item when it is shown.</summary>
    public static Result<string> Label(Loop loop, Templar templar, Position at, IVariables variables)
    {
        if (loop.Label is null)
        {
            return variables.TryGet(loop.Variable, out var item) ? item.ToString() : "";
        }

        return templar.Resolve(loop.Label, at, variables).Then<string>(label => label is UndefinedValue undefined
            ? Failure.At(Phase.Apply, at, undefined.Message)
            : label.ToString());
    }

    /// <summary>The label, unless the item is not to be seen.</summary>
    public static string Shown(Result<string> label, TaskOutcome outcome) => outcome.IsCensored ? CensoredResult.Label : label.TryGet(out var text, out _) ? text : "";

    /// <summary>What is shown of an item: censored results do not show it.</summary>
    public static DictValue WithItem(TaskOutcome outcome, DictValue item) => outcome.IsCensored ? outcome.Shown : outcome.Shown.With(item);

    public static TaskOutcome Collect(List<TaskOutcome> outcomes)
    {
        var result = Of(outcomes, outcome => outcome.Result);
        var hides = outcomes.Exists(outcome => outcome.IsCensored);
        return new TaskOutcome(result, hides ? CensoredResult.Of(result) : Of(outcomes, outcome => outcome.Shown))
        {
            IsCensored = hides,
            IgnoresErrors = outcomes.TrueForAll(outcome => outcome.IgnoresErrors || !TaskOutcome.IsTrue(outcome.Result, "failed")),
            Labels = [.. outcomes.SelectMany(outcome => outcome.Labels)],
            Notify = [.. outcomes.SelectMany(outcome => outcome.Notify).Distinct(StringComparer.Ordinal)],
        };
    }

    private static DictValue Of(List<TaskOutcome> outcomes, Func<TaskOutcome, DictValue> part)
    {
        bool Any(string key) => outcomes.Exists(outcome => TaskOutcome.IsTrue(outcome.Result, key));
        var skipped = outcomes.TrueForAll(outcome => TaskOutcome.IsTrue(outcome.Result, "skipped"));
        var failed = Any("failed");
        var result = Results.Of(
            ("changed", Any("changed")),
            ("msg", skipped ? "All items skipped" : failed ? "One or more items failed" : "All items completed"),
            ("results", ListValue.Of(outcomes.Select(part))),
            ("skipped", skipped));
        return failed ? result.With("failed", true) : result;
    }

    private static DictValue Extended(ImmutableArray<Value> items, int index, bool withAll)
    {
        var loop = Results.Of(
            ("index", (long)index + 1), ("index0", (long)index), ("first", index == 0), ("last", index == items.Length - 1),
            ("length", (long)items.Length), ("revindex", (long)(items.Length - index)), ("revindex0", (long)(items.Length - index - 1)));
        loop = withAll ? loop.With("allitems", new ListValue(items)) : loop;
        loop = index + 1 < items.Length ? loop.With("nextitem", items[index + 1]) : loop;
        return index > 0 ? loop.With("previtem", items[index - 1]) : loop;
    }
}
