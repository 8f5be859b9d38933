using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Filters;
using Gateway.Playbooks.Expressions.Lookups;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>The functions of Jinja and Ansible that are there without being variables. One table; what needs the machine is refused by name.</summary>
internal static class Globals
{
    private static readonly ImmutableDictionary<string, Value> Known = new (string Name, Func<Evaluator, Arguments, Value> Call)[]
    {
        ("range", Range),
        ("dict", MakeDict),
        ("namespace", MakeNamespace),
        ("cycler", MakeCycler),
        ("joiner", MakeJoiner),
        ("undef", (_, arguments) => new UndefinedValue(arguments.Bind("undef()", 0, "hint")[0] is TextValue { Value.Length: > 0 } hint
            ? hint.Value : "Mandatory variable has not been overridden")),
        ("lookup", (evaluator, arguments) => LookupTable.Call(evaluator, arguments, wantsList: false)),
        ("query", (evaluator, arguments) => LookupTable.Call(evaluator, arguments, wantsList: true)),
        ("q", (evaluator, arguments) => LookupTable.Call(evaluator, arguments, wantsList: true)),
        ("now", Now),
        ("lipsum", (_, _) => throw new TemplateException("lipsum() is not supported")),
    }.ToImmutableDictionary(pair => pair.Name, pair => (Value)new CallableValue(pair.Name, pair.Call), StringComparer.Ordinal).Add("omit", OmitValue.Instance);

    /// <summary>Names of all functions, the refused ones included.</summary>
    public static IEnumerable<string> Names => Known.Keys;

    public static Value? Find(string name) => Known.GetValueOrDefault(name);

    private static Value Now(Evaluator evaluator, Arguments arguments)
    {
        var bound = arguments.Bind("now()", 0, "utc", "fmt");
        var now = evaluator.Resolver.Machine.Now;
        now = bound[0]?.IsTrue == true ? now.ToUniversalTime() : now;
        return bound[1] is TextValue format ? TimeFormat.Format(now, format.Value) : new TimeValue(now, IsDate: false, HasOffset: false);
    }

    private static Value Range(Evaluator evaluator, Arguments arguments)
    {
        if (arguments.Named.Length > 0 || arguments.Positional.Length is 0 or > 3)
        {
            throw new TemplateException("range() takes 1 to 3 positional arguments");
        }

        var numbers = arguments.Positional.Select(value => PythonEquality.Integer(Operators.Defined(value))
            ?? throw new TemplateException($"'{value.TypeName}' object cannot be interpreted as an integer")).ToArray();
        var (start, stop, step) = numbers.Length == 1 ? (0, numbers[0], 1) : (numbers[0], numbers[1], numbers.Length > 2 ? numbers[2] : 1);
        if (step == 0)
        {
            throw new TemplateException("range() arg 3 must not be zero");
        }

        var span = step > 0 ? (Int128)stop - start : (Int128)start - stop;
        var width = Int128.Abs(step);
        var count = span <= 0 ? 0 : (span + width - 1) / width;
        evaluator.Budget.Step((long)Int128.Min(count, long.MaxValue / 2));
        var items = ImmutableArray.CreateBuilder<Value>((int)count);
        for (var i = 0; i < (int)count; i++)
        {
            items.Add(new IntValue(start + (i * step)));
        }

        return new ViewValue("range", items.MoveToImmutable());
    }

    private static DictValue MakeDict(Evaluator evaluator, Arguments arguments)
    {
        var entries = ImmutableArray.CreateBuilder<KeyValuePair<Value, Value>>();
        switch (arguments.Positional)
        {
            case []:
                break;
            case [DictValue dict]:
                entries.AddRange(dict.Entries);
                break;
            case [var pairs]:
                foreach (var pair in Items.Of(pairs, evaluator.Budget))
                {
                    entries.Add(Items.Of(pair, evaluator.Budget) is [var key, var value]
                        ? new(Operators.Hashable(key), value)
                        : throw new TemplateException("dict() takes pairs of a key and a value"));
                }

                break;
            default:
                throw new TemplateException($"dict expected at most 1 argument, got {arguments.Positional.Length}");
        }

        entries.AddRange(arguments.Named.Select(pair => new KeyValuePair<Value, Value>(new TextValue(pair.Key), pair.Value)));
        return DictValue.Of(entries);
    }

    private static NamespaceValue MakeNamespace(Evaluator evaluator, Arguments arguments)
    {
        var names = new Dictionary<string, Value>(StringComparer.Ordinal);
        foreach (var (key, value) in MakeDict(evaluator, arguments).Entries)
        {
            names[evaluator.Budget.Str(key)] = value;
        }

        return new NamespaceValue(names);
    }

    private static ObjectValue MakeCycler(Evaluator evaluator, Arguments arguments)
    {
        var items = arguments.Positional.Length > 0 ? arguments.Positional : throw new TemplateException("at least one item has to be provided");
        var at = 0;
        return new ObjectValue("Cycler", name => name switch
        {
            "current" => items[at],
            "next" => new CallableValue("next", (_, _) =>
            {
                var item = items[at];
                at = (at + 1) % items.Length;
                return item;
            }),
            "reset" => new CallableValue("reset", (_, _) =>
            {
                at = 0;
                return NullValue.None;
            }),
            _ => null,
        });
    }

    private static CallableValue MakeJoiner(Evaluator evaluator, Arguments arguments)
    {
        var separator = arguments.Bind("joiner()", 0, "sep")[0] ?? new TextValue(", ");
        var isFirst = true;
        return new CallableValue("joiner", (_, _) =>
        {
            var value = isFirst ? new TextValue("") : separator;
            isFirst = false;
            return value;
        });
    }
}
