using System.Collections.Immutable;
using System.Text;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>Runs a template's statements and makes its result.</summary>
internal sealed class Renderer
{
    private readonly Evaluator evaluator;
    private readonly TemplateOptions options;
    private readonly TemplateFiles files;
    private StringBuilder into = new();

    private Renderer(Evaluator evaluator, TemplateOptions options)
    {
        this.evaluator = evaluator;
        this.options = options;
        files = new TemplateFiles(evaluator, this, options);
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
            var lone = new LoneValue(evaluator.Resolver, Budget).Of(template.Source, alone, value);
            return lone is TextValue text ? text with { Value = KeepNewlines(template.Source, text.Value) } : lone;
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

    private Value LiteralText(string text) => options.AlwaysText ? new TextValue(text) : LiteralReader.Of(new TextValue(text), Budget);

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
                files.Include(include);
                break;
            case Import import:
                files.Import(import);
                break;
            case FilterBlock block:
                Append(Budget.Str(evaluator.FilterChain((FilterOf)block.Filter, Capture(block.Body))));
                break;
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

    /// <summary>Assigns to a name, to each of a tuple of names, or to an attribute of a namespace.</summary>
    public void Assign(Expression target, Value value) => Assignment.Make(evaluator, target, value);
}
