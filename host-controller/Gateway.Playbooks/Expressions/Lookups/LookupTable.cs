using System.Collections.Immutable;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Lookups;

/// <summary>A lookup: its name and the items it makes of terms and options.</summary>
internal sealed record Lookup(string Name, Func<LookupCall, IEnumerable<Value>> Run)
{
    /// <summary>Whether terms may be undefined: it tries one after the other.</summary>
    public bool TakesUndefined { get; init; }
}

/// <summary>What a lookup is called with.</summary>
/// <param name="Evaluator">Evaluates for it.</param>
/// <param name="Terms">What is looked up.</param>
/// <param name="Options">Keyword arguments.</param>
internal sealed record LookupCall(Evaluator Evaluator, ImmutableArray<Value> Terms, ImmutableArray<KeyValuePair<string, Value>> Options)
{
    public Value? Option(string name) => Options.FirstOrDefault(option => option.Key == name).Value;

    public string Text(Value value) => Evaluator.Budget.Str(value);
}

/// <summary>Every lookup by name.</summary>
internal static class LookupTable
{
    private static readonly ImmutableDictionary<string, Lookup> Known =
        ListLookups.All.AddRange(FileLookups.All).AddRange(VariableLookups.All).ToImmutableDictionary(lookup => lookup.Name, StringComparer.Ordinal);

    private static readonly string[] Common = ["wantlist", "errors"];

    /// <summary>Names of all lookups there are.</summary>
    public static IEnumerable<string> Names => Known.Keys.Order(StringComparer.Ordinal);

    public static Lookup? Find(string name) => Known.GetValueOrDefault(Short(name));

    /// <summary>Why there is no such lookup.</summary>
    public static string Unknown(string name) => Short(name) is "random_choice" or "password"
        ? $"lookup '{name}' is not supported: the same playbook must give the same result each time"
        : $"lookup plugin ({name}) not found{Nearest.Hint(name, Known.Keys)}";

    /// <summary><c>lookup('name', term…, option=…)</c>: texts joined with commas, one item, or a list.</summary>
    public static Value Call(Evaluator evaluator, Arguments arguments, bool wantsList)
    {
        if (arguments.Positional is not [TextValue name, ..])
        {
            throw new TemplateException("lookup() takes the name of a lookup first");
        }

        var lookup = Find(name.Value) ?? throw new TemplateException(Unknown(name.Value));
        wantsList |= arguments.Named.Any(option => option is { Key: "wantlist", Value.IsTrue: true });
        var errors = arguments.Named.FirstOrDefault(option => option.Key == "errors").Value?.ToString() ?? "strict";
        var call = new LookupCall(evaluator, [.. arguments.Positional.Skip(1)], [.. arguments.Named.Where(option => !Common.Contains(option.Key))]);
        try
        {
            var items = Run(lookup, call);

            // What a lookup found is never a template, whatever it holds.
            evaluator.Resolver.MetUnsafe |= !items.IsEmpty;
            return wantsList || items.IsEmpty ? new ListValue(items)
                : items.All(item => item is TextValue) ? evaluator.Budget.Text(string.Join(',', items.Select(call.Text)))
                : items is [var one] ? one
                : new ListValue(items);
        }
        catch (TemplateException wrong) when (errors is "ignore" or "warn" && wrong is not UndefinedException)
        {
            return wantsList ? ListValue.Empty : NullValue.None;
        }
        catch (TemplateException wrong) when (wrong is not UndefinedException && !wrong.IsSyntax && lookup.Name is "file" or "template" or "sequence" or "dict")
        {
            throw new TemplateException($"An unhandled exception occurred while running the lookup plugin '{name.Value}'. Error was a <class 'ansible.errors.AnsibleError'>, original message: {wrong.Message}. {wrong.Message}");
        }
    }

    /// <summary>The items of a <c>with_</c> loop.</summary>
    public static ImmutableArray<Value> Items(Evaluator evaluator, string name, Value terms)
    {
        var lookup = Find(name) ?? throw new TemplateException(Unknown(name));
        var given = Resolve(evaluator, terms, lookup.TakesUndefined);
        return Run(lookup, new LookupCall(evaluator, given switch { ListValue list => list.Items, DictValue dict when lookup.Name is "items" or "first_found" => [.. dict.Keys], _ => [given] }, []));
    }

    private static Value Resolve(Evaluator evaluator, Value terms, bool takesUndefined)
    {
        if (!takesUndefined || terms is not ListValue list)
        {
            return Operators.Defined(evaluator.Resolver.Deep(terms));
        }

        return new ListValue([.. list.Items.Select(item => Try(evaluator, item)).OfType<Value>()]);
    }

    private static Value? Try(Evaluator evaluator, Value item)
    {
        try
        {
            return evaluator.Resolver.Deep(item);
        }
        catch (UndefinedException)
        {
            return null;
        }
    }

    private static ImmutableArray<Value> Run(Lookup lookup, LookupCall call)
    {
        if (!lookup.TakesUndefined)
        {
            call.Terms.ToList().ForEach(term => Operators.Defined(term));
        }

        var items = lookup.Run(call).ToImmutableArray();
        call.Evaluator.Budget.Step(items.Length + 1);
        call.Evaluator.Budget.Made(new ListValue(items));
        return items;
    }

    private static string Short(string name) => name.StartsWith("ansible.builtin.", StringComparison.Ordinal) ? name["ansible.builtin.".Length..] : name;
}
