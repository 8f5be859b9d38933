using System.Collections.Immutable;
using System.Text;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>Runs a template's statements and makes its result.</summary>
internal sealed class Renderer
{
    private readonly Evaluator evaluator;
    private readonly TemplateOptions options;
    private StringBuilder into = new();

    private Renderer(Evaluator evaluator, TemplateOptions options)
    {
        this.evaluator = evaluator;
        this.options = options;
    }

    private Budget Budget => evaluator.Budget;

    /// <summary>The template's value; marked unsafe when anything unsafe went into it.</summary>
    public static Value Render(string source, TemplateOptions options, VariableResolver resolver, Budget budget)
    {
        budget.Enter();
        budget.Step(1 + (source.Length / 16));
        var template = TemplateParser.Parse(source, options, budget.Limits.Depth);
        var before = resolver.MetUnsafe;
        resolver.MetUnsafe = false;
        var value = new Renderer(new Evaluator(resolver, budget), options).Run(template);
        value = resolver.MetUnsafe ? value.AsUnsafe() : value;
        resolver.MetUnsafe = before;
        budget.Leave();
        return value;
    }

    private Value Run(Template template)
    {
        if (template.Alone is { } alone && !options.AlwaysText)
        {
            var value = evaluator.Evaluate(alone);
            FailOnUndefined(value);
            return value switch
            {
                ViewValue view => new ListValue(view.Items),
                UndefinedValue => new TextValue(""),
                TextValue text => new TextValue(KeepNewlines(template.Source, text.Value), text.Unsafe),
                CallableValue or ObjectValue or NamespaceValue => throw new TemplateException($"a {value.TypeName} is not a value", alone.At),
                _ => value,
            };
        }

        Write(template.Body);
        var result = LiteralText(into.ToString());
        return result is TextValue whole ? new TextValue(KeepNewlines(template.Source, whole.Value)) : result;
    }

    /// <summary>Jinja drops line breaks at the end of a template; Ansible puts back as many as the source had.</summary>
    private string KeepNewlines(string source, string text)
    {
        var missing = options.KeepTrailingNewline ? NewlinesAtEnd(source) - NewlinesAtEnd(text) : 0;
        return missing > 0 ? text + new string('\n', missing) : text;
    }

    private static int NewlinesAtEnd(string text) => text.Length - text.AsSpan().TrimEnd('\n').Length;

    private Value LiteralText(string text) =>
        !options.AlwaysText && (text.StartsWith('{') || text.StartsWith('[') || text is "True" or "False") && LiteralReader.TryRead(text, Budget, out var literal)
            ? literal
            : new TextValue(text);

    private void FailOnUndefined(Value value)
    {
        Budget.Walk(value);
        switch (value)
        {
            case UndefinedValue { IsLenient: false } undefined:
                throw new UndefinedException(undefined.Message);
            case ListValue list:
                list.Items.ToList().ForEach(FailOnUndefined);
                break;
            case DictValue dict:
                dict.Values.ToList().ForEach(FailOnUndefined);
                break;
        }
    }

    private void Write(ImmutableArray<Statement> body)
    {
        foreach (var statement in body)
        {
            Budget.Step();
            Write(statement);
        }
    }

    private void Write(Statement statement)
    {
        switch (statement)
        {
            case DataText data:
                Append(data.Text);
                break;
            case Print print:
                var value = evaluator.Evaluate(print.Expression);
                FailOnUndefined(value);
                Append(value switch
                {
                    NullValue => "",
                    ViewValue view => Budget.Str(new ListValue(view.Items)),
                    _ => Budget.Str(value),
                });
                break;
            case If choice:
                Write(choice);
                break;
            case For loop:
                new LoopRunner(evaluator, this, loop).Run();
                break;
            case Set set:
                Assign(set.Target, evaluator.Evaluate(set.Value));
                break;
            case SetBlock set:
                var text = Capture(set.Body);
                Assign(set.Target, set.Filter is FilterOf filter ? evaluator.FilterChain(filter, text) : text);
                break;
            case With with:
                Write(with);
                break;
            case Macro macro:
                evaluator.Scope.Set(macro.Name, MacroRunner.Make(macro, evaluator, this));
                break;
            case CallBlock call:
                Write(call);
                break;
            case Include include:
                if (Find(include.Name, include.IgnoresMissing) is { } included)
                {
                    Within(new Scope(evaluator.Scope), Parse(included));
                }

                break;
            case Import import:
                Write(import);
                break;
            case FilterBlock block:
                Append(Budget.Str(evaluator.FilterChain((FilterOf)block.Filter, Capture(block.Body))));
                break;
        }
    }

    private ImmutableArray<Statement> Parse(string source)
    {
        Budget.Step(1 + (source.Length / 16));
        return TemplateParser.Parse(source, options, Budget.Limits.Depth).Body;
    }

    /// <summary>The text of the first template that is there; null when none is and that does not matter.</summary>
    private string? Find(Expression name, bool ignoresMissing)
    {
        var given = evaluator.Evaluate(name);
        var names = given is ListValue list ? list.Items : [given];
        foreach (var one in names.Select(Budget.Str))
        {
            if (evaluator.Resolver.Machine.FindPlaybookPath(one, "templates") is not null)
            {
                // What came with the playbook is as trusted as the playbook.
                return Lookups.FileLookups.Read(evaluator, one, "templates");
            }
        }

        return ignoresMissing ? null : throw new TemplateException($"{string.Join(", ", names.Select(Budget.Str))} not found", name.At);
    }

    private void Write(Import import)
    {
        var inner = new Scope(evaluator.Scope);
        var body = Parse(Find(import.Name, ignoresMissing: false)!);
        Captured(() => Within(inner, body));
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

    private void Append(string text)
    {
        Budget.Characters(text.Length);
        into.Append(text);
    }

    private void Write(If choice)
    {
        foreach (var (condition, body) in choice.Branches)
        {
            if (evaluator.IsTrue(condition))
            {
                Write(body);
                return;
            }
        }

        Write(choice.Else);
    }

    private void Write(With with)
    {
        var outer = evaluator.Scope;
        var inner = new Scope(outer);
        foreach (var (target, expression) in with.Assignments)
        {
            var value = evaluator.Evaluate(expression);
            evaluator.Scope = inner;
            Assign(target, value);
            evaluator.Scope = outer;
        }

        Within(inner, with.Body);
    }

    private void Write(CallBlock call)
    {
        var arguments = evaluator.Arguments(call.Call.Arguments);
        var caller = MacroRunner.Make(call.Caller, evaluator, this);
        var named = arguments.Named.Add(new("caller", caller));
        Append(Budget.Str(evaluator.Call(evaluator.Evaluate(call.Call.Target), arguments with { Named = named })));
    }

    /// <summary>Writes a body with its own names.</summary>
    public void Within(Scope scope, ImmutableArray<Statement> body)
    {
        var outer = evaluator.Scope;
        evaluator.Scope = scope;
        Budget.Enter();
        Write(body);
        Budget.Leave();
        evaluator.Scope = outer;
    }

    /// <summary>What a body writes, as a value, with its own names.</summary>
    public Value Capture(ImmutableArray<Statement> body, Scope? scope = null) =>
        Captured(() => Within(scope ?? new Scope(evaluator.Scope), body));

    /// <summary>What an action writes, as a value.</summary>
    public Value Captured(Action write)
    {
        var outside = into;
        into = new StringBuilder();
        write();
        var text = into.ToString();
        into = outside;
        return LiteralText(text);
    }

    public void Assign(Expression target, Value value)
    {
        switch (target)
        {
            case NameOf name:
                evaluator.Scope.Set(name.Name, value);
                break;
            case AttributeOf { Target: NameOf name } attribute:
                var names = evaluator.Evaluate(name) as NamespaceValue
                    ?? throw new TemplateException("cannot assign attribute on non-namespace object", attribute.At);
                names.Attributes[attribute.Name] = value is ViewValue or TextValue or ListValue or DictValue ? Budget.Made(value) : value;
                break;
            case TupleOf tuple:
                var items = Items.Of(value, Budget);
                if (items.Length != tuple.Items.Length)
                {
                    throw new TemplateException(items.Length < tuple.Items.Length
                        ? $"not enough values to unpack (expected {tuple.Items.Length}, got {items.Length})"
                        : $"too many values to unpack (expected {tuple.Items.Length})", tuple.At);
                }

                for (var i = 0; i < items.Length; i++)
                {
                    Assign(tuple.Items[i], items[i]);
                }

                break;
        }
    }
}
