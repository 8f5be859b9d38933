using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>Dictionaries.</summary>
internal static class DictFilters
{
    private static readonly string[] Merges = ["replace", "keep", "append", "prepend", "append_rp", "prepend_rp"];

    public static ImmutableArray<Filter> All { get; } =
    [
        new("combine", Combine),
        new("dict2items", ToItems),
        new("items2dict", FromItems),
        new("items", (_, value, _) => value is DictValue dict
            ? ListValue.Of(dict.Entries.Select(entry => new ListValue([entry.Key, entry.Value], true)))
            : throw new TemplateException("Can only get item pairs from a mapping.")),
        new("rekey_on_member", Rekey),
    ];

    private static Value Combine(Evaluator evaluator, Value value, Arguments arguments)
    {
        if (arguments.Named.Any(option => option.Key is not ("recursive" or "list_merge")))
        {
            throw new TemplateException("'recursive' and 'list_merge' are the only valid keyword arguments");
        }

        var bound = new Arguments([], arguments.Named).Bind("combine", 0, "recursive", "list_merge");
        var merge = bound[1] is null ? "replace" : evaluator.Budget.Str(bound[1]!);
        var terms = ImmutableArray.CreateBuilder<Value>();
        ListFilters.Flatten(evaluator, [value, .. arguments.Positional], 1, true, terms);
        if (!Merges.Contains(merge))
        {
            throw new TemplateException("merge_hash: 'list_merge' argument can only be equal to 'replace', 'keep', 'append', 'prepend', 'append_rp' or 'prepend_rp'");
        }

        // As Ansible does it, from the last to the first; one alone is what it is.
        return terms.Count == 0 ? DictValue.Empty : terms.Select(Operators.Defined).Reverse().Aggregate((high, low) => (low, high) is (DictValue a, DictValue b)
            ? Merge(evaluator, a, b, bound[0]?.IsTrue ?? false, merge)
            : throw new TemplateException($"failed to combine variables, expected dicts but got a '{low.ClassName}' and a '{high.ClassName}': \n{ValueJson.Write(low)}\n{ValueJson.Write(high)}"));
    }

    private static DictValue Merge(Evaluator evaluator, DictValue low, DictValue high, bool isRecursive, string merge)
    {
        evaluator.Budget.Walk(low);
        evaluator.Budget.Walk(high);
        return DictValue.Of(low.Entries.Concat(high.Entries.Select(entry => new KeyValuePair<Value, Value>(entry.Key, !low.TryGet(entry.Key, out var old) ? entry.Value : (old, entry.Value) switch
        {
            (DictValue a, DictValue b) when isRecursive => Merge(evaluator, a, b, isRecursive, merge),
            (ListValue a, ListValue b) => MergeLists(evaluator, a, b, merge),
            _ => entry.Value,
        }))));
    }

    private static ListValue MergeLists(Evaluator evaluator, ListValue low, ListValue high, string merge)
    {
        evaluator.Budget.Step(low.Items.Length + high.Items.Length);
        var inHigh = high.Items.ToHashSet(PythonEquality.Instance);
        var rest = merge.EndsWith("_rp", StringComparison.Ordinal) ? low.Items.Where(item => !inHigh.Contains(item)) : low.Items;
        return merge switch
        {
            "replace" => high,
            "keep" => low,
            "append" or "append_rp" => ListValue.Of(rest.Concat(high.Items)),
            _ => ListValue.Of(high.Items.Concat(rest)),
        };
    }

    private static ListValue ToItems(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("dict2items", 0, "key_name", "value_name");
        var dict = value as DictValue ?? throw new PythonTypeException($"dict2items requires a dictionary, got {PythonText.Class(value)} instead.");
        return ListValue.Of(dict.Entries.Select(entry => DictValue.Of([new KeyValuePair<Value, Value>(bound[0] ?? "key", entry.Key), new(bound[1] ?? "value", entry.Value)])));
    }

    private static DictValue FromItems(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("items2dict", 0, "key_name", "value_name");
        var (key, name) = (bound[0] ?? "key", bound[1] ?? "value");
        var list = value as ListValue ?? throw new PythonTypeException($"items2dict requires a list, got {PythonText.Class(value)} instead.");
        return DictValue.Of(list.Items.Select(item => item is not DictValue dict
            ? throw new PythonTypeException($"items2dict requires a list of dictionaries, got {list} instead.")
            : dict.TryGet(key, out var itemKey) && dict.TryGet(name, out var itemValue)
                ? new KeyValuePair<Value, Value>(Operators.Hashable(itemKey), itemValue)
                : throw new PythonTypeException($"items2dict requires each dictionary in the list to contain the keys '{key}' and '{name}', got {list} instead.")));
    }

    private static DictValue Rekey(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("rekey_on_member", 1, "key", "duplicates");
        var overwrites = bound[1] is { } choice && evaluator.Budget.Str(choice) == "overwrite";
        var made = new Dictionary<Value, Value>(PythonEquality.Instance);
        var keys = new List<KeyValuePair<Value, Value>>();
        foreach (var item in value is DictValue dict ? [.. dict.Values] : Items.Of(value, evaluator.Budget))
        {
            var element = item as DictValue ?? throw new PythonTypeException("List item is not a valid dict");
            var key = element.TryGet(bound[0]!, out var found) ? Operators.Hashable(found) : throw new TemplateException($"Key {bound[0]} was not found");
            if (!made.TryAdd(key, element) && !overwrites)
            {
                throw new TemplateException($"Key {key} is not unique, cannot correctly turn into dict");
            }

            keys.Add(new(key, element));
        }

        return DictValue.Of(keys);
    }
}
