using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Patterns;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Lookups;

/// <summary>Lookups of variables by name.</summary>
internal static class VariableLookups
{
    public static ImmutableArray<Lookup> All { get; } = [new("vars", Vars), new("varnames", Names)];

    private static IEnumerable<Value> Vars(LookupCall call) => call.Terms.Select(term => term is TextValue name
        ? call.Evaluator.Resolver.Get(name.Value) switch
        {
            UndefinedValue => call.Option("default") ?? throw new UndefinedException($"No variable found with this name: {name.Value}"),
            var value => value,
        }
        : throw new TemplateException($"Invalid setting identifier, \"{term}\" is not a string, its a {term.TypeName}"));

    private static IEnumerable<Value> Names(LookupCall call)
    {
        var all = call.Evaluator.Resolver.Get("vars") is DictValue dict ? dict.Keys.Select(key => key.ToString()).Order(StringComparer.Ordinal).ToList() : [];
        return call.Terms.SelectMany(term =>
        {
            var pattern = PythonRegex.Compile(call.Text(term), false, false, call.Evaluator.Budget);
            return all.Where(name => pattern.Find(name, false, call.Evaluator.Budget) is not null).Select(name => (Value)name);
        });
    }
}
