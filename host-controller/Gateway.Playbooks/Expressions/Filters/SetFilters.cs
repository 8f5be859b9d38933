using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Evaluation;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>Lists as sets; order is that of the first appearance.</summary>
internal static class SetFilters
{
    public static ImmutableArray<Filter> All { get; } =
    [
        new("unique", Unique),
        new("union", Union),
        new("intersect", (evaluator, a, arguments) => Keep(evaluator, Of(evaluator, a), Other(evaluator, arguments, "intersect"), true)),
        new("difference", (evaluator, a, arguments) => Keep(evaluator, Of(evaluator, a), Other(evaluator, arguments, "difference"), false)),
        new("symmetric_difference", SymmetricDifference),
    ];

    private static ImmutableArray<Value> Of(Evaluator evaluator, Value value) => Items.Of(value, evaluator.Budget);

    private static ImmutableArray<Value> Other(Evaluator evaluator, Arguments arguments, string what) => Of(evaluator, arguments.Bind(what, 1, "b")[0]!);

    private static ListValue Unique(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("unique", 0, "case_sensitive", "attribute");
        var get = Getter.Of(evaluator, bound[1]);
        var seen = new HashSet<Value>(PythonEquality.Instance);
        var isCaseSensitive = bound[0]?.IsTrue ?? false;
        var items = Of(evaluator, value);

        // Jinja's filter fails on items that cannot be hashed; Ansible then compares them one by one, case included.
        isCaseSensitive |= items.Any(item => get(item) is ListValue { IsTuple: false } or DictValue);
        return ListValue.Of(items.Where(item => seen.Add(isCaseSensitive ? Operators.Defined(get(item)) : Getter.IgnoreCase(get(item)))).ToList());
    }

    private static ListValue Distinct(Evaluator evaluator, IEnumerable<Value> items)
    {
        var seen = new HashSet<Value>(PythonEquality.Instance);
        return ListValue.Of(items.Where(item => seen.Add(Operators.Defined(item))).ToList());
    }

    /// <summary>Of two values that can be hashed, two texts for one, a union of what is in them; else their sum.</summary>
    private static ListValue Union(Evaluator evaluator, Value a, Arguments arguments)
    {
        var b = arguments.Bind("union", 1, "b")[0]!;
        var areHashed = !new[] { a, b }.Any(side => side is ListValue { IsTuple: false } or DictValue);
        return Distinct(evaluator, areHashed ? Of(evaluator, a).AddRange(Of(evaluator, b)) : Of(evaluator, Operators.Apply("+", a, b, evaluator.Budget)));
    }

    private static ListValue Keep(Evaluator evaluator, ImmutableArray<Value> a, ImmutableArray<Value> b, bool wanted)
    {
        var others = b.Select(Operators.Defined).ToHashSet(PythonEquality.Instance);
        return Distinct(evaluator, a.Where(item => others.Contains(item) == wanted));
    }

    private static ListValue SymmetricDifference(Evaluator evaluator, Value value, Arguments arguments)
    {
        var (a, b) = (Of(evaluator, value), Other(evaluator, arguments, "symmetric_difference"));
        var both = Keep(evaluator, a, b, true).Items.ToHashSet(PythonEquality.Instance);
        return ListValue.Of(Distinct(evaluator, a.AddRange(b)).Items.Where(item => !both.Contains(item)));
    }
}
