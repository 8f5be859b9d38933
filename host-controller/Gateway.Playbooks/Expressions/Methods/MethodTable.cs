using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Methods;

/// <summary>A method of a Python type that expressions may call.</summary>
internal sealed record Method(string Name, Func<Evaluator, Value, Arguments, Value> Call);

/// <summary>Every method there is, by type and name; those that would change a value in place are refused by name.</summary>
internal static class MethodTable
{
    private static readonly ImmutableDictionary<string, Method> Texts = ToTable(TextMethods.All.AddRange(TextSearchMethods.All));
    private static readonly ImmutableDictionary<string, Method> Lists = ToTable(ListMethods.All);
    private static readonly ImmutableDictionary<string, Method> Tuples = ToTable(ListMethods.OfTuples);
    private static readonly ImmutableDictionary<string, Method> Dicts = ToTable(DictMethods.All);

    public static Method? Find(Value target, string name) => target switch
    {
        TextValue => Texts.GetValueOrDefault(name),
        ListValue { IsTuple: true } => Tuples.GetValueOrDefault(name),
        ListValue => Lists.GetValueOrDefault(name),
        DictValue => Dicts.GetValueOrDefault(name),
        _ => null,
    };

    /// <summary>A method that Python has and that is refused, with what to write instead.</summary>
    public static Method Refused(string name, string advice) =>
        new(name, (_, target, _) => throw new TemplateException($"{target.TypeName}.{name}() is not supported: {advice}"));

    private static ImmutableDictionary<string, Method> ToTable(ImmutableArray<Method> methods) =>
        methods.ToImmutableDictionary(method => method.Name, StringComparer.Ordinal);
}
