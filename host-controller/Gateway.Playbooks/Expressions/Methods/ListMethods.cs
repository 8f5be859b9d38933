using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Methods;

/// <summary>Methods of lists and tuples.</summary>
internal static class ListMethods
{
    private const string Immutable = "values never change in place; write {% set x = x + [item] %} or a filter";

    public static ImmutableArray<Method> OfTuples { get; } =
    [
        new("index", Index),
        new("count", (_, list, arguments) => (long)((ListValue)list).Items.Count(item => PythonEquality.Instance.Equals(item, arguments.Bind("count()", 1, "value")[0]))),
    ];

    public static ImmutableArray<Method> All { get; } =
    [
        .. OfTuples,
        new("copy", (_, list, _) => list),
        .. new[] { "append", "extend", "insert", "pop", "remove", "clear", "sort", "reverse" }.Select(name => MethodTable.Refused(name, Immutable)),
    ];

    private static Value Index(Evaluator evaluator, Value list, Arguments arguments)
    {
        var wanted = arguments.Bind("index()", 1, "value")[0]!;
        var items = ((ListValue)list).Items;
        evaluator.Budget.Walk(list);
        for (var i = 0; i < items.Length; i++)
        {
            if (PythonEquality.Instance.Equals(items[i], wanted))
            {
                return (long)i;
            }
        }

        throw new TemplateException($"{evaluator.Budget.Str(new ListValue([wanted]))[1..^1]} is not in list");
    }
}
