using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Methods;
using Gateway.Playbooks.Expressions.Patterns;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Tests;

/// <summary>How a value compares with another: order, membership, patterns, versions.</summary>
internal static class CompareTests
{
    public static ImmutableArray<Test> All { get; } =
    [
        .. Compare("==", "eq", "equalto", "=="),
        .. Compare("!=", "ne", "!="),
        .. Compare("<", "lt", "lessthan", "<"),
        .. Compare("<=", "le", "<="),
        .. Compare(">", "gt", "greaterthan", ">"),
        .. Compare(">=", "ge", ">="),
        .. Compare("in", "in"),
        new("contains", (evaluator, value, arguments) => Operators.Contains(value, arguments.Bind("contains", 1, "value")[0]!, evaluator.Budget)),
        new("sameas", (evaluator, value, arguments) => IsSame(value, arguments.Bind("sameas", 1, "other")[0]!)),
        .. Subset("subset", "issubset", (a, b) => a.IsSubsetOf(b)),
        .. Subset("superset", "issuperset", (a, b) => a.IsSupersetOf(b)),
        new("match", (evaluator, value, arguments) => Matches(evaluator, value, arguments, "match")),
        new("search", (evaluator, value, arguments) => Matches(evaluator, value, arguments, "search")),
        new("regex", (evaluator, value, arguments) => Matches(evaluator, value, arguments, "regex")),
        new("version", VersionTest.Apply),
        new("version_compare", VersionTest.Apply),
    ];

    private static IEnumerable<Test> Compare(string op, params string[] names) => names.Select(name =>
        new Test(name, (evaluator, value, arguments) => Operators.Compare(op, value, arguments.Bind(name, 1, "other")[0]!, evaluator.Budget)));

    private static IEnumerable<Test> Subset(string name, string other, Func<HashSet<Value>, HashSet<Value>, bool> isSo)
    {
        HashSet<Value> Of(Evaluator evaluator, Value value) => Items.Of(value, evaluator.Budget).Select(Operators.Hashable).ToHashSet(PythonEquality.Instance);
        return new[] { name, other }.Select(one => new Test(one, (evaluator, value, arguments) => isSo(Of(evaluator, value), Of(evaluator, arguments.Bind(one, 1, "b")[0]!))));
    }

    private static bool IsSame(Value value, Value other) => (value, Operators.Defined(other)) switch
    {
        (NullValue or BoolValue, _) or (_, NullValue or BoolValue) => value.Equals(other),
        (IntValue { Value: >= -5 and <= 256 } a, IntValue b) => a.Value == b.Value,
        _ when value.GetType() != other.GetType() => false,
        _ => ReferenceEquals(value, other) || (!value.Equals(other) ? false
            : throw new TemplateException("sameas is supported for none, booleans and small integers only: use eq")),
    };

    private static bool Matches(Evaluator evaluator, Value value, Arguments arguments, string how)
    {
        var bound = how == "regex"
            ? arguments.Bind(how, 0, "pattern", "ignorecase", "multiline", "match_type")
            : arguments.Bind(how, 0, "pattern", "ignorecase", "multiline");
        var type = how != "regex" ? how : bound[3] is { } given ? evaluator.Budget.Str(given) : "search";
        var pattern = TextMethods.Text(bound[0]);
        var isWhole = type == "fullmatch";
        var regex = PythonRegex.Compile(isWhole ? $"(?:{pattern})\\Z" : pattern, bound[1]?.IsTrue ?? false, bound[2]?.IsTrue ?? false, evaluator.Budget);
        return regex.Find(evaluator.Budget.Str(value), type is "match" or "fullmatch", evaluator.Budget) is not null;
    }
}
