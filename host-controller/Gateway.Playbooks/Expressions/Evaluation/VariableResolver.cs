using Gateway.Playbooks.Expressions.Syntax;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>Looks variables up and renders the templates in them, each once; notices cycles and text that must stay as it is.</summary>
internal sealed class VariableResolver(IVariables variables, Budget budget)
{
    private readonly Dictionary<string, Value> resolved = new(StringComparer.Ordinal);
    private readonly HashSet<string> underWay = new(StringComparer.Ordinal);

    /// <summary>Whether a value with unsafe text was read since this was last cleared: the result is unsafe too then.</summary>
    public bool MetUnsafe { get; set; }

    /// <summary>The machine; asking for it where there is none fails.</summary>
    public IHostReader Machine => variables.Machine ?? throw new TemplateException("needs the machine, which is not known here");

    /// <summary>The same variables below others, for a template that is given some of its own.</summary>
    public VariableResolver With(DictValue more) => new(new Over(more, variables), budget);

    public Value Get(string name)
    {
        if (!resolved.TryGetValue(name, out var value))
        {
            value = variables.TryGet(name, out var raw) ? (raw is LazyDictValue lazy ? lazy.Whole() : Resolve(name, raw)) : Globals.Find(name) ?? new UndefinedValue($"{PythonText.Quoted(name)} is undefined");
            resolved.Add(name, value);
        }

        MetUnsafe |= HasUnsafe(value);
        return value;
    }

    /// <summary>A variable that is looked up entry by entry; null when it is none of these.</summary>
    public LazyDictValue? Lazy(string name) => name is "vars" or "hostvars" or "ansible_facts" && variables.TryGet(name, out var value) ? value as LazyDictValue : null;

    /// <summary>An entry taken out of such a variable; one that cannot be rendered stays as it is written.</summary>
    public Value Take(LazyDictValue from, Value entry)
    {
        if (entry is LazyDictValue inner)
        {
            return inner.Whole();
        }

        var value = entry;
        if (from.Renders)
        {
            var before = MetUnsafe;
            try
            {
                value = Deep(entry);
            }
            catch (UndefinedException)
            {
                MetUnsafe = before;
            }
        }

        MetUnsafe |= HasUnsafe(value);
        return value;
    }

    /// <summary>Whether a variable is a number or null as it stands, not by way of a template.</summary>
    public bool IsPlain(string name) => variables.TryGet(name, out var raw) && raw is IntValue or FloatValue or NullValue;

    private Value Resolve(string name, Value raw)
    {
        if (!underWay.Add(name))
        {
            throw new TemplateException($"recursive loop detected in template string: variable '{name}' refers to itself");
        }

        var before = MetUnsafe;
        try
        {
            return Deep(raw);
        }
        catch (UndefinedException undefined)
        {
            return new UndefinedValue($"{PythonText.Str(raw)}: {undefined.Shown}");
        }
        catch (TemplateException wrong) when (!wrong.Message.StartsWith("recursive loop", StringComparison.Ordinal) && !wrong.Message.StartsWith("variable '", StringComparison.Ordinal))
        {
            throw new TemplateException($"variable '{name}': {wrong.Message}", -1, wrong.IsSyntax);
        }
        catch (TemplateException wrong)
        {
            throw new TemplateException(wrong.Message, -1, wrong.IsSyntax);
        }
        finally
        {
            MetUnsafe = before;
            underWay.Remove(name);
        }
    }

    /// <summary>A value with every template in it rendered.</summary>
    public Value Deep(Value value)
    {
        budget.Step();
        switch (value)
        {
            case TextValue { IsTemplate: true } text:
                return Renderer.Render(text.Value, TemplateOptions.Playbook, this, budget);
            case ListValue list when HasTemplate(list):
                return budget.Made(list with { Items = [.. list.Items.Select(Deep)] });
            case DictValue dict when HasTemplate(dict):
                return budget.Made(DictValue.Of(dict.Entries.Select(entry => new KeyValuePair<Value, Value>(entry.Key, Deep(entry.Value)))));
            default:
                return value;
        }
    }

    /// <summary>Variables below others.</summary>
    private sealed class Over(DictValue more, IVariables rest) : IVariables
    {
        public IHostReader? Machine => rest.Machine;

        public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out Value value) => more.TryGet(name, out value) || rest.TryGet(name, out value);
    }

    private bool HasTemplate(Value value)
    {
        budget.Made(value);
        budget.Walk(value);
        return value switch
        {
            TextValue text => text.IsTemplate,
            ListValue list => list.Items.Any(HasTemplate),
            DictValue dict => dict.Values.Any(HasTemplate),
            _ => false,
        };
    }

    private bool HasUnsafe(Value value)
    {
        if (MetUnsafe)
        {
            return true;
        }

        budget.Walk(value);
        return value switch
        {
            TextValue text => text.Unsafe,
            ListValue list => list.Items.Any(HasUnsafe),
            DictValue dict => dict.Entries.Any(entry => HasUnsafe(entry.Key) || HasUnsafe(entry.Value)),
            _ => false,
        };
    }
}
