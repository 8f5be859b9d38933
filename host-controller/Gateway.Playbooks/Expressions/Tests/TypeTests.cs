using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Filters;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Tests;

/// <summary>What a value is.</summary>
internal static class TypeTests
{
    public static ImmutableArray<Test> All { get; } =
    [
        new("defined", (_, value, _) => value is not UndefinedValue, TakesUndefined: true),
        new("undefined", (_, value, _) => value is UndefinedValue, TakesUndefined: true),
        Of("none", value => value is NullValue),
        Of("boolean", value => value is BoolValue),
        Of("true", value => value is BoolValue { Value: true }),
        Of("false", value => value is BoolValue { Value: false }),
        Of("integer", value => value is IntValue),
        Of("float", value => value is FloatValue),
        Of("number", value => value is IntValue or FloatValue or BoolValue),
        Of("string", value => value is TextValue),
        Of("mapping", value => value is DictValue),
        Of("sequence", value => value is TextValue or ListValue or DictValue or ViewValue { Type: "range" }),
        Of("iterable", value => value is TextValue or ListValue or DictValue or ViewValue),
        Of("callable", value => value is CallableValue or ObjectValue { Call: not null }),
        new("truthy", (evaluator, value, arguments) => IsTruthy(value, arguments, "truthy")),
        new("falsy", (evaluator, value, arguments) => !IsTruthy(value, arguments, "falsy")),
        new("even", (evaluator, value, _) => Modulo(evaluator, value, 2) == 0),
        new("odd", (evaluator, value, _) => Modulo(evaluator, value, 2) == 1),
        new("divisibleby", (evaluator, value, arguments) =>
            PythonEquality.Number(Operators.Apply("%", value, arguments.Bind("divisibleby", 1, "num")[0]!, evaluator.Budget)) == 0),
        Of("upper", value => value.ToString() is var text && text.Any(char.IsUpper) && !text.Any(char.IsLower)),
        Of("lower", value => value.ToString() is var text && text.Any(char.IsLower) && !text.Any(char.IsUpper)),
        Of("nan", value => value is FloatValue { Value: double.NaN }),
        Of("isnan", value => value is FloatValue { Value: double.NaN }),
        new("filter", (_, value, _) => value is TextValue name && FilterTable.Find(name.Value) is not null),
        new("test", (_, value, _) => value is TextValue name && TestTable.Find(name.Value) is not null),
        new("any", (evaluator, value, _) => Items.Of(value, evaluator.Budget).Any(item => Operators.Defined(item).IsTrue)),
        new("all", (evaluator, value, _) => Items.Of(value, evaluator.Budget).All(item => Operators.Defined(item).IsTrue)),
    ];

    private static Test Of(string name, Func<Value, bool> isSo) => new(name, (_, value, arguments) =>
    {
        arguments.Bind(name, 0);
        return isSo(value);
    });

    private static double Modulo(Evaluator evaluator, Value value, long by) => value is TextValue
        ? throw new PythonTypeException("not all arguments converted during string formatting")
        : PythonEquality.Number(Operators.Apply("%", value, by, evaluator.Budget)) ?? double.NaN;

    /// <summary>Python's truth; with convert_bool, words such as <c>no</c> and <c>off</c> count as what they mean.</summary>
    private static bool IsTruthy(Value value, Arguments arguments, string what)
    {
        if (!(arguments.Bind(what, 0, "convert_bool")[0]?.IsTrue ?? false))
        {
            return value.IsTrue;
        }

        var word = value switch
        {
            TextValue text => text.Value.ToLowerInvariant().Trim(),
            _ => PythonEquality.Number(value) switch { 1 => "1", 0 => "0", _ => "" },
        };
        return word switch
        {
            "y" or "yes" or "on" or "1" or "true" or "t" or "1.0" => true,
            "n" or "no" or "off" or "0" or "false" or "f" or "0.0" => false,
            _ => value.IsTrue,
        };
    }
}
