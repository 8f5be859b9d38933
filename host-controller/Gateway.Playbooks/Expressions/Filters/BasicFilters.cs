using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>Defaults, types and choices.</summary>
internal static class BasicFilters
{
    public static ImmutableArray<Filter> All { get; } =
    [
        new("default", Default, TakesUndefined: true),
        new("d", Default, TakesUndefined: true),
        new("mandatory", Mandatory, TakesUndefined: true),
        new("type_debug", (_, value, _) => value.ClassName, TakesUndefined: true),
        new("bool", (_, value, _) => ToBool(value)),
        new("string", (evaluator, value, _) => evaluator.Budget.Str(value is ViewValue view ? new ListValue(view.Items) : value)),
        new("list", (evaluator, value, _) => new ListValue(Items.Of(value, evaluator.Budget))),
        new("length", (_, value, _) => Items.Length(value)),
        new("count", (_, value, _) => Items.Length(value)),
        new("ternary", Ternary),
        new("attr", (evaluator, value, arguments) => Items.Attribute(value, evaluator.Budget.Str(arguments.Bind("attr", 1, "name")[0]!), evaluator.Budget)),
    ];

    private static Value Default(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("default", 0, "default_value", "boolean");
        var byTruth = bound[1] is { } boolean && Operators.Defined(boolean).IsTrue;
        return value is UndefinedValue || (byTruth && !value.IsTrue) ? bound[0] ?? new TextValue("") : value;
    }

    private static Value Mandatory(Evaluator evaluator, Value value, Arguments arguments)
    {
        var message = arguments.Bind("mandatory", 0, "msg")[0];
        if (value is not UndefinedValue undefined)
        {
            return value;
        }

        var name = undefined.Message.EndsWith(" is undefined", StringComparison.Ordinal) ? undefined.Message[..^" is undefined".Length] + " " : "";
        throw new TemplateException(message is null or NullValue ? $"Mandatory variable {name} not defined." : evaluator.Budget.Str(message));
    }

    /// <summary>Ansible's: yes, on, true, 1 are true; None stays; anything else is false.</summary>
    private static Value ToBool(Value value) => value switch
    {
        NullValue or BoolValue => value,
        TextValue text => text.Value.ToLowerInvariant() is "yes" or "on" or "1" or "true",
        _ => PythonEquality.Number(value) == 1,
    };

    private static Value Ternary(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("ternary", 2, "true_val", "false_val", "none_val");
        return value is NullValue && bound[2] is { } none and not NullValue ? none : value.IsTrue ? bound[0]! : bound[1]!;
    }
}
