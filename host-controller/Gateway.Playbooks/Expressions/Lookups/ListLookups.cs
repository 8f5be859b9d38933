using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;

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

    /// <summary>Unlike the filter, the lookup leaves the list out of the element.</summary>
    private static Value Without(Value element, TextValue key) => element is DictValue dict ? DictValue.Of(dict.Entries.Where(entry => !entry.Key.Equals(key))) : element;

    private static IEnumerable<Value> Subelements(LookupCall call)
    {
        if (call.Terms is not [var elements, TextValue path, ..])
        {
            throw new TemplateException("subelements lookup expects a list of two or three items, first a dict or a list, second a string pointing to the subkey");
        }

        var skips = call.Terms is [_, _, DictValue flags, ..] && flags.TryGet("skip_missing", out var skip) && skip.IsTrue;
        var arguments = new Arguments([path, (Value)skips], []);
        return ((ListValue)call.Evaluator.Filter("subelements", elements, arguments)).Items.Cast<ListValue>().Select(pair => new ListValue([Without(pair.Items[0], path), pair.Items[1]], IsTuple: true));
    }
}
