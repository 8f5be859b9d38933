using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>Order: sorting, extremes, groups. Texts compare ignoring case unless told otherwise, as in Jinja.</summary>
internal static class OrderFilters
{
    public static ImmutableArray<Filter> All { get; } =
    [
        new("sort", Sort),
        new("min", (evaluator, value, arguments) => Extreme(evaluator, value, arguments, "min", -1)),
        new("max", (evaluator, value, arguments) => Extreme(evaluator, value, arguments, "max", 1)),
        new("dictsort", DictSort),
        new("groupby", GroupBy),
    ];

    private static Func<Value, Value> Key(Evaluator evaluator, Value? attribute, Value? caseSensitive, Value? byDefault = null)
    {
        var get = Getter.Of(evaluator, attribute, byDefault);
        return caseSensitive?.IsTrue ?? false ? get : item => Getter.IgnoreCase(get(item));
    }

    private static ListValue Sort(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("sort", 0, "reverse", "case_sensitive", "attribute");
        ImmutableArray<Value> paths = bound[2] is TextValue text ? [.. text.Value.Split(',').Select(path => (Value)path)] : [bound[2] ?? NullValue.None];
        var keys = paths.Select(path => Key(evaluator, path, bound[1])).ToList();
        Value Composite(Value item) => keys.Count == 1 ? keys[0](item) : new ListValue([.. keys.Select(key => key(item))]);
        return new ListValue(Getter.Sort(evaluator, Items.Of(value, evaluator.Budget), Composite, bound[0]?.IsTrue ?? false));
    }

    private static Value Extreme(Evaluator evaluator, Value value, Arguments arguments, string name, int wanted)
    {
        var bound = arguments.Bind(name, 0, "case_sensitive", "attribute");
        var items = Items.Of(value, evaluator.Budget);
        if (items.Length == 0)
        {
            return new UndefinedValue("No aggregated item, sequence was empty.");
        }

        var key = Key(evaluator, bound[1], bound[0]);
        var (best, bestKey) = (items[0], key(items[0]));
        foreach (var item in items.Skip(1))
        {
            var itemKey = key(item);
            if (Math.Sign(Operators.Order(itemKey, bestKey, wanted < 0 ? "<" : ">")) == wanted)
            {
                (best, bestKey) = (item, itemKey);
            }
        }

        return best;
    }

    private static ListValue DictSort(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("dictsort", 0, "case_sensitive", "by", "reverse");
        var by = bound[1] is null ? "key" : evaluator.Budget.Str(bound[1]!);
        var place = by switch { "key" => 0L, "value" => 1, _ => throw new TemplateException("You can only sort by either \"key\" or \"value\"") };
        var dict = value as DictValue ?? throw new TemplateException($"'{value.TypeName} object' has no attribute 'items'");
        var pairs = dict.Entries.Select(entry => (Value)new ListValue([entry.Key, entry.Value], true)).ToImmutableArray();
        return new ListValue(Getter.Sort(evaluator, pairs, Key(evaluator, place, bound[0]), bound[2]?.IsTrue ?? false));
    }

    private static ListValue GroupBy(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("groupby", 1, "attribute", "default", "case_sensitive");
        var key = Key(evaluator, bound[0], bound[2], bound[1]);
        var real = Getter.Of(evaluator, bound[0], bound[1]);
        var groups = new List<(Value Key, List<Value> Items)>();
        foreach (var item in Getter.Sort(evaluator, Items.Of(value, evaluator.Budget), key, false))
        {
            var itemKey = key(item);
            if (groups.Count == 0 || !PythonEquality.Instance.Equals(groups[^1].Key, itemKey))
            {
                groups.Add((itemKey, []));
            }

            groups[^1].Items.Add(item);
        }

        return ListValue.Of(groups.Select(group => new ListValue([real(group.Items[0]), ListValue.Of(group.Items)], true) { IsGroup = true }));
    }
}
