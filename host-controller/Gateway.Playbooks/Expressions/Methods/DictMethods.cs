using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Evaluation;

namespace Gateway.Playbooks.Expressions.Methods;

/// <summary>Methods of dictionaries.</summary>
internal static class DictMethods
{
    private const string Immutable = "values never change in place; write {% set x = x | combine({...}) %}";

    public static ImmutableArray<Method> All { get; } =
    [
        new("keys", (_, dict, _) => new ViewValue("dict_keys", [.. ((DictValue)dict).Keys])),
        new("values", (_, dict, _) => new ViewValue("dict_values", [.. ((DictValue)dict).Values])),
        new("items", (_, dict, _) => new ViewValue("dict_items", [.. ((DictValue)dict).Entries.Select(entry => new ListValue([entry.Key, entry.Value], true))])),
        new("get", Get),
        new("copy", (_, dict, _) => dict),
        .. new[] { "update", "pop", "popitem", "setdefault", "clear" }.Select(name => MethodTable.Refused(name, Immutable)),
    ];

    private static Value Get(Evaluator evaluator, Value dict, Arguments arguments)
    {
        var bound = arguments.Bind("get()", 1, "key", "default");
        return ((DictValue)dict).TryGet(Operators.Hashable(bound[0]!), out var value) ? value : bound[1] ?? NullValue.None;
    }
}
