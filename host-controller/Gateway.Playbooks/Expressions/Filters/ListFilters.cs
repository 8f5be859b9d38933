using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Methods;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>Lists: parts, sums, grouping into rows, flattening, pairing.</summary>
internal static class ListFilters
{
    public static ImmutableArray<Filter> All { get; } =
    [
        new("first", (evaluator, value, _) => Items.Of(value, evaluator.Budget) is [var first, ..] ? first : new UndefinedValue("No first item, sequence was empty.")),
        new("last", (evaluator, value, _) => Items.Of(value, evaluator.Budget) is [.., var last] ? last : new UndefinedValue("No last item, sequence was empty.")),
        new("reverse", (evaluator, value, _) => value is TextValue
            ? evaluator.Budget.Text(string.Concat(Items.Of(value, evaluator.Budget).Reverse().Select(part => ((TextValue)part).Value)))
            : new ListValue([.. Items.Of(value, evaluator.Budget).Reverse()])),
        new("sum", Sum),
        new("batch", Batch),
        new("slice", Slice),
        new("flatten", Flatten),
        new("zip", (evaluator, value, arguments) => Zip(evaluator, [value, .. NoNames(arguments, "zip").Positional], null)),
        new("zip_longest", (evaluator, value, arguments) => Zip(evaluator, [value, .. arguments.Positional],
            arguments.Named is [] ? NullValue.None : arguments.Named is [{ Key: "fillvalue" } fill] ? fill.Value : throw new TemplateException("zip_longest() got an unexpected keyword argument"))),
        new("product", Product),
        new("extract", Extract),
        new("subelements", Subelements),
    ];

    private static Arguments NoNames(Arguments arguments, string what) =>
        arguments.Named.Length == 0 ? arguments : throw new TemplateException($"{what}() takes no keyword arguments");

    private static Value Sum(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("sum", 0, "attribute", "start");
        var get = Getter.Of(evaluator, bound[0]);
        var sum = bound[1] ?? new IntValue(0);
        if (sum is TextValue)
        {
            throw new TemplateException("sum() can't sum strings [use ''.join(seq) instead]");
        }

        foreach (var item in Items.Of(value, evaluator.Budget))
        {
            sum = evaluator.Budget.Made(Operators.Apply("+", sum, get(item), evaluator.Budget));
        }

        return sum;
    }

    private static ListValue Batch(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("batch", 1, "linecount", "fill_with");
        var width = (int)Math.Clamp(TextMethods.Integer(bound[0], 1), 1, 1_000_000);
        var rows = Items.Of(value, evaluator.Budget).Chunk(width).Select(row => row.ToImmutableArray()).ToList();
        if (rows.Count > 0 && bound[1] is { } fill and not NullValue)
        {
            evaluator.Budget.Step(width);
            rows[^1] = rows[^1].AddRange(Enumerable.Repeat(fill, width - rows[^1].Length));
        }

        return ListValue.Of(rows.Select(row => new ListValue(row)));
    }

    private static ListValue Slice(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("slice", 1, "slices", "fill_with");
        var items = Items.Of(value, evaluator.Budget);
        var slices = TextMethods.Integer(bound[0], 1);
        if (slices == 0)
        {
            throw new TemplateException("integer division or modulo by zero");
        }

        evaluator.Budget.Step(Math.Abs(slices));
        var made = ImmutableArray.CreateBuilder<Value>();
        var offset = 0;
        for (var i = 0; i < slices; i++)
        {
            var count = (items.Length / (int)slices) + (i < items.Length % slices ? 1 : 0);
            var part = items.Slice(offset, count);
            made.Add(new ListValue(bound[1] is { } fill and not NullValue && i >= items.Length % slices ? part.Add(fill) : part));
            offset += count;
        }

        return new ListValue(made.ToImmutable());
    }

    private static ListValue Flatten(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("flatten", 0, "levels", "skip_nulls");
        var into = ImmutableArray.CreateBuilder<Value>();
        Flatten(evaluator, Items.Of(value, evaluator.Budget), bound[0] is null or NullValue ? null : TextMethods.Integer(bound[0], 0), bound[1]?.IsTrue ?? true, into);
        return new ListValue(into.ToImmutable());
    }

    public static void Flatten(Evaluator evaluator, ImmutableArray<Value> items, long? levels, bool skipNulls, ImmutableArray<Value>.Builder into)
    {
        evaluator.Budget.Step(items.Length);
        foreach (var item in items)
        {
            if (skipNulls && item is NullValue or TextValue { Value: "None" or "null" } && skipNulls)
            {
                continue;
            }

            if (item is ListValue list && levels is null or >= 1 && item is ListValue inner)
            {
                Flatten(evaluator, inner.Items, levels - 1, skipNulls, into);
            }
            else
            {
                into.Add(item);
            }
        }
    }

    private static ListValue Zip(Evaluator evaluator, ImmutableArray<Value> lists, Value? fill)
    {
        var columns = lists.Select(list => Items.Of(list, evaluator.Budget)).ToList();
        var length = fill is null ? columns.Min(column => column.Length) : columns.Max(column => column.Length);
        evaluator.Budget.Step((long)length * columns.Count);
        return ListValue.Of(Enumerable.Range(0, length).Select(row => new ListValue([.. columns.Select(column => row < column.Length ? column[row] : fill!)], true)));
    }

    private static ListValue Product(Evaluator evaluator, Value value, Arguments arguments)
    {
        var repeat = arguments.Named is [{ Key: "repeat" } times] ? (int)Math.Clamp(TextMethods.Integer(times.Value, 1), 0, 20)
            : arguments.Named.Length == 0 ? 1 : throw new TemplateException("product() takes no other keyword argument than repeat");
        var lists = new[] { value }.Concat(arguments.Positional).Select(list => Items.Of(list, evaluator.Budget)).ToList();
        IEnumerable<ImmutableArray<Value>> rows = [[]];
        var count = 1L;
        foreach (var column in Enumerable.Repeat(lists, repeat).SelectMany(all => all))
        {
            count = Math.Min(count * column.Length, int.MaxValue);
            evaluator.Budget.Step(count);
            rows = rows.SelectMany(row => column.Select(row.Add)).ToList();
        }

        return ListValue.Of(rows.Select(row => new ListValue(row, true)));
    }

    private static Value Extract(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("extract", 1, "container", "morekeys");
        var found = Items.Item(bound[0]!, value, evaluator.Budget);
        ImmutableArray<Value> more = bound[1] switch { null or NullValue => [], ListValue { IsTuple: false } list => list.Items, var one => [one] };
        return more.Aggregate(found, (container, key) => Items.Item(container, key, evaluator.Budget));
    }

    private static ListValue Subelements(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("subelements", 1, "subelements", "skip_missing");
        var elements = value switch
        {
            DictValue dict => [.. dict.Values],
            ListValue { IsTuple: false } list => list.Items,
            _ => throw new TemplateException("obj must be a list of dicts or a nested dict"),
        };
        var path = bound[0] is TextValue text ? text.Value.Split('.').Select(part => (Value)part).ToImmutableArray() : Items.Of(bound[0]!, evaluator.Budget);
        var pairs = ImmutableArray.CreateBuilder<Value>();
        foreach (var element in elements)
        {
            foreach (var item in Subelement(element, path, bound[1]?.IsTrue ?? false))
            {
                evaluator.Budget.Step();
                pairs.Add(new ListValue([element, item], true));
            }
        }

        return new ListValue(pairs.ToImmutable());
    }

    private static ImmutableArray<Value> Subelement(Value element, ImmutableArray<Value> path, bool skipMissing)
    {
        foreach (var key in path)
        {
            var dict = element as DictValue ?? throw new PythonTypeException($"the key {key} should point to a dictionary, got '{element}'");
            if (!dict.TryGet(key, out var next))
            {
                return skipMissing ? [] : throw new TemplateException($"could not find {PythonText.Repr(key)} key in iterated item {PythonText.Repr(element)}");
            }

            element = next;
        }

        return element is ListValue { IsTuple: false } list ? list.Items : throw new PythonTypeException($"the key {PythonText.Repr(path[^1])} should point to a list, got {PythonText.Repr(element)}");
    }
}
