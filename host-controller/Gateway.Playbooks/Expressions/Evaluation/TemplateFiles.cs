using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>Other templates that one includes or imports; they lie beside the playbook.</summary>
internal sealed class TemplateFiles(Evaluator evaluator, Renderer renderer, TemplateOptions options)
{
    /// <summary>Writes another template in this place.</summary>
    public void Include(Include include)
    {
        if (Find(include.Name, include.IgnoresMissing) is { } included)
        {
            renderer.Within(new Scope(evaluator.Scope), Parse(included));
        }
    }

    private ImmutableArray<Statement> Parse(string source)
    {
        evaluator.Budget.Step(1 + (source.Length / 16));
        return TemplateParser.Parse(source, options, evaluator.Budget.Limits.Depth).Body;
    }

    /// <summary>The text of the first template that is there; null when none is and that does not matter.</summary>
    private string? Find(Expression name, bool ignoresMissing)
    {
        var given = evaluator.Evaluate(name);
        var names = given is ListValue list ? list.Items : [given];
        foreach (var one in names.Select(evaluator.Budget.Str))
        {
            if (evaluator.Resolver.Machine.FindPlaybookPath(one, "templates") is not null)
            {
                // What came with the playbook is as trusted as the playbook.
                return Lookups.FileLookups.Read(evaluator, one, "templates");
            }
        }

        return ignoresMissing ? null : throw new TemplateException($"{string.Join(", ", names.Select(evaluator.Budget.Str))} not found", name.At);
    }

    /// <summary>Takes names out of another template.</summary>
    public void Import(Import import)
    {
        var inner = new Scope(evaluator.Scope);
        var body = Parse(Find(import.Name, ignoresMissing: false)!);
        renderer.Captured(() => renderer.Within(inner, body));
        if (import.As is { } alias)
        {
            evaluator.Scope.Set(alias, new NamespaceValue(inner.Own));
            return;
        }

        foreach (var (name, local) in import.Names)
        {
            evaluator.Scope.Set(local, inner.Own.GetValueOrDefault(name) ?? new UndefinedValue($"the template does not export the requested name '{name}'"));
        }
    }
}
