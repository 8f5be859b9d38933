using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>Filters that apply a filter or test to each item.</summary>
internal static class MapFilters
{
    public static ImmutableArray<Filter> All { get; } =
    [
        new("map", Map),
        new("select", (evaluator, value, arguments) => Select(evaluator, value, arguments, byAttribute: false, wanted: true)),
        new("reject", (evaluator, value, arguments) => Select(evaluator, value, arguments, byAttribute: false, wanted: false)),
        new("selectattr", (evaluator, value, arguments) => Select(evaluator, value, arguments, byAttribute: true, wanted: true)),
        new("rejectattr", (evaluator, value, arguments) => Select(evaluator, value, arguments, byAttribute: true, wanted: false)),
    ];

    private static ListValue Map(Evaluator evaluator, Value value, Arguments arguments)
    {
        var items = Items.Of(value, evaluator.Budget);
        if (arguments.Positional.Length == 0 && arguments.Named.Any(pair => pair.Key == "attribute"))
        {
            var bound = arguments.Bind("map", 0, "attribute", "default");
            return ListValue.Of(items.Select(Getter.Of(evaluator, bound[0], bound[1])));
        }

        if (arguments.Positional.Length == 0)
        {
            throw new TemplateException("map requires a filter argument");
        }

        var name = evaluator.Budget.Str(arguments.Positional[0]);
        var rest = arguments with { Positional = arguments.Positional.RemoveAt(0) };
        return ListValue.Of(items.Select(item => evaluator.Filter(name, item, rest)).ToList());
    }

    private static ListValue Select(Evaluator evaluator, Value value, Arguments arguments, bool byAttribute, bool wanted)
    {
        var positional = arguments.Positional;
        var get = Getter.Of(evaluator, null);
        if (byAttribute)
        {
            get = positional.Length > 0 ? Getter.Of(evaluator, positional[0]) : throw new TemplateException("Missing parameter for attribute name");
            positional = positional.RemoveAt(0);
        }

        Func<Value, Value> test = item => Operators.Defined(item);
        if (positional.Length > 0)
        {
            var name = evaluator.Budget.Str(positional[0]);
            var rest = arguments with { Positional = positional.RemoveAt(0) };
            test = item => evaluator.Test(name, item, rest);
        }

        return ListValue.Of(Items.Of(value, evaluator.Budget).Where(item => test(get(item)).IsTrue == wanted).ToList());
    }
}
