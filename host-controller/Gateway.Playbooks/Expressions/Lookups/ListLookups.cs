using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Expressions.Lookups;

/// <summary>Lookups that make lists of lists and dictionaries, most of them for the <c>with_</c> loops.</summary>
internal static class ListLookups
{
    public static ImmutableArray<Lookup> All { get; } =
    [
        new("items", call => call.Terms.SelectMany(OneLevel)),
        new("list", call => call.Terms),
        new("dict", Dict),
        new("indexed_items", call => call.Terms.SelectMany(OneLevel).Select((item, at) => new ListValue([new IntValue(at), item], IsTuple: true))),
        new("together", Together),
        new("nested", Nested),
        new("subelements", Subelements),
        new("sequence", SequenceLookup.Run),
    ];

    private static IEnumerable<Value> OneLevel(Value term) => term is ListValue list ? list.Items : [term];

    private static IEnumerable<Value> Dict(LookupCall call) => call.Terms.SelectMany(term => term is DictValue dict
        ? dict.Entries.Select(entry => DictValue.Of(("key", entry.Key), ("value", entry.Value)))
        : throw new TemplateException("with_dict expects a dict"));

    private static IEnumerable<Value> Together(LookupCall call)
    {
        var columns = call.Terms.Select(term => term is ListValue list ? list.Items : [term]).ToList();
        if (columns.Count == 0)
        {
            throw new TemplateException("with_together requires at least one element in each list");
        }

        var length = columns.Max(column => column.Length);
        call.Evaluator.Budget.Step((long)length * columns.Count);
        return Enumerable.Range(0, length).Select(row => new ListValue([.. columns.Select(column => row < column.Length ? column[row] : NullValue.None)]));
    }

    private static IEnumerable<Value> Nested(LookupCall call)
    {
        if (call.Terms.IsEmpty)
        {
            throw new TemplateException("with_nested requires at least one element in the nested list");
        }

        IEnumerable<ImmutableArray<Value>> rows = [[]];
        var count = 1L;
        foreach (var column in call.Terms.Select(term => term is ListValue list ? list.Items : [term]))
        {
            count = Math.Min(count * column.Length, int.MaxValue);
            call.Evaluator.Budget.Step(count);
            rows = rows.SelectMany(row => column.Select(item => row.AddRange(OneLevel(item)))).ToList();
        }

        return rows.Select(row => new ListValue(row));
    }

    private static IEnumerable<Value> Subelements(LookupCall call)
    {
        if (call.Terms is not [var elements, TextValue path, ..] || call.Terms.Length > 3)
        {
            throw new TemplateException("subelements lookup expects a list of two or three items, first a dict or a list, second a string pointing to the subkey");
        }

        var skips = call.Terms is [_, _, DictValue flags] && flags.TryGet("skip_missing", out var skip) && OptionReader.Boolean(skip) is BoolValue { Value: true };
        if (elements is DictValue skipped && IsSkipped(skipped))
        {
            return [];
        }

        return (elements is DictValue dict ? dict.Values : Items.Of(elements, call.Evaluator.Budget))
            .Select(element => element as DictValue ?? throw new TemplateException($"subelements lookup expects a dictionary, got '{element}'"))
            .Where(element => !IsSkipped(element))
            .SelectMany(element => Split(element, path.Value.Split('.'), skips) is var (rest, list)
                ? list.Select(item => new ListValue([rest, item], IsTuple: true))
                : []);
    }

    private static bool IsSkipped(DictValue result) => result.TryGet("skipped", out var skipped) && skipped is not BoolValue { Value: false };

    /// <summary>The list that a path leads to, and the element without it: unlike the filter, the lookup takes it out.</summary>
    private static (DictValue Left, ImmutableArray<Value> Items)? Split(DictValue element, ReadOnlySpan<string> path, bool skips)
    {
        if (!element.TryGet(path[0], out var found))
        {
            return skips ? null : throw new TemplateException($"could not find '{path[0]}' key in iterated item '{element}'");
        }

        if (path.Length == 1)
        {
            var path0 = path[0];
            return found is ListValue { IsTuple: false } list
                ? (DictValue.Of(element.Entries.Where(entry => !entry.Key.Equals(new TextValue(path0)))), list.Items)
                : throw new TemplateException($"the key {path[0]} should point to a list, got '{found}'");
        }

        return found is not DictValue inner ? (skips ? null : throw new TemplateException($"the key {path[0]} should point to a dictionary, got '{found}'"))
            : Split(inner, path[1..], skips) is var (rest, items) ? (element.With(new TextValue(path[0]), rest), items)
            : null;
    }
}
