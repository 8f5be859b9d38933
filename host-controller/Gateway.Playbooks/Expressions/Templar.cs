using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Lookups;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions;

/// <summary>
/// Renders Jinja templates and evaluates expressions as Ansible does (docs.ansible.com, "Templating (Jinja2)"), bounded
/// by <see cref="TemplateLimits"/>. Every failure carries the position given and says what is wrong in Ansible's words.
/// </summary>
public sealed class Templar(TemplateLimits? limits = null)
{
    private readonly TemplateLimits limits = limits ?? TemplateLimits.Default;

    /// <summary>Names of the filters there are, for documentation.</summary>
    public static IEnumerable<string> FilterNames => Filters.FilterTable.Names;

    /// <summary>Names of the tests there are, for documentation.</summary>
    public static IEnumerable<string> TestNames => Tests.TestTable.Names;

    /// <summary>Names of the lookups there are, for documentation.</summary>
    public static IEnumerable<string> LookupNames => LookupTable.Names;

    /// <summary>Whether a text holds template syntax: <c>{{</c>, <c>{%</c> or <c>{#</c>.</summary>
    public static bool IsTemplate(string text) =>
        text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal) || text.Contains("{#", StringComparison.Ordinal);

    /// <summary>Renders a text. A variable alone, <c>{{ x }}</c>, keeps its type; anything else is a text, but what then looks like a
    /// list, a dictionary, True or False becomes one, as in Ansible 2.14. What unsafe text went into is unsafe.</summary>
    public Result<Value> Render(string template, Position at, IVariables variables, TemplateOptions? options = null) =>
        Guard(at, template, budget => Renderer.Render(template, options ?? TemplateOptions.Playbook, new VariableResolver(variables, budget), budget));

    /// <summary>Renders every text in a value, at any depth, that is not marked unsafe. What is undefined fails as not found, what Python
    /// calls a ValueError as refused: Ansible says of either where it stood.</summary>
    public Result<Value> Resolve(Value value, Position at, IVariables variables) =>
        Guard(at, value is TextValue text ? text.Value : null, budget => new VariableResolver(variables, budget).Deep(value));

    /// <summary>Evaluates a bare expression to its value, of whatever type it is.</summary>
    public Result<Value> Evaluate(string expression, Position at, IVariables variables) =>
        Guard(at, expression, budget => Bare(expression, verbatim: true, new VariableResolver(variables, budget), budget));

    /// <summary>Evaluates a condition, as under <c>when:</c>, <c>until:</c>, <c>changed_when:</c> and <c>assert</c>. A condition
    /// that holds a template is rendered first and its result evaluated. Backslashes in texts escape, unlike in <c>{{ }}</c>.</summary>
    public Result<bool> Test(string condition, Position at, IVariables variables) => Guard(at, $"{{% if {condition} %}} True {{% else %}} False {{% endif %}}", budget =>
    {
        var resolver = new VariableResolver(variables, budget);
        Value first = IsTemplate(condition) ? Renderer.Render(condition, TemplateOptions.Playbook, resolver, budget) : condition;
        if (first is TextValue { Unsafe: true })
        {
            throw new TemplateException("Conditional is marked as unsafe, and cannot be evaluated.");
        }

        var value = first is TextValue { Value.Length: > 0 } text ? Bare(text.Value, verbatim: false, resolver, budget) : first;
        return Operators.Judged(value).IsTrue ? BoolValue.True : BoolValue.False;
    }).Then<bool>(value => value.IsTrue);

    /// <summary>Why a condition could not be evaluated, in Ansible's words.</summary>
    public static string NotJudged(string condition, Failure why) =>
        $"The conditional check '{condition}' failed. The error was: {(why.Kind == FailureKind.NotFound ? $"error while evaluating conditional ({condition}): " : "")}{why.Message}";

    /// <summary>The items that a lookup makes of terms, as the <c>with_</c> loops take them.</summary>
    public Result<ImmutableArray<Value>> Lookup(string name, Value terms, Position at, IVariables variables) => Guard(at, null, budget =>
    {
        var resolver = new VariableResolver(variables, budget);
        return new ListValue(LookupTable.Items(new Evaluator(resolver, budget), name, terms));
    }).Then<ImmutableArray<Value>>(value => ((ListValue)value).Items);

    /// <summary>What is wrong with a text as a template without rendering it: syntax, unknown filters and tests.</summary>
    public static ImmutableArray<Failure> Check(string template, Position at, TemplateOptions? options = null) =>
        CheckParse(template, at, () => TemplateParser.Parse(template, options ?? TemplateOptions.Playbook, TemplateLimits.Default.Depth));

    /// <summary>What is wrong with a condition without evaluating it; one that holds a template is checked as that.</summary>
    public static ImmutableArray<Failure> CheckExpression(string expression, Position at) => IsTemplate(expression)
        ? Check(expression, at)
        : CheckParse(expression, at, () => TemplateParser.ParseExpression(expression, verbatim: false, TemplateLimits.Default.Depth));

    private static Value Bare(string expression, bool verbatim, VariableResolver resolver, Budget budget)
    {
        budget.Step(1 + (expression.Length / 16));
        var parsed = TemplateParser.ParseExpression(expression.Trim(), verbatim, budget.Limits.Depth);
        resolver.MetUnsafe = false;
        var value = new Evaluator(resolver, budget).Evaluate(parsed.Alone!);
        value = value is ViewValue view ? new ListValue(view.Items) : value;
        return value switch
        {
            UndefinedValue { IsLenient: false } undefined => throw new UndefinedException(undefined.Message),
            CallableValue or ObjectValue or NamespaceValue => throw new TemplateException($"a {value.TypeName} is not a value"),
            _ => resolver.MetUnsafe ? value.AsUnsafe() : value,
        };
    }

    private Result<Value> Guard(Position at, string? source, Func<Budget, Value> run)
    {
        try
        {
            return run(new Budget(limits));
        }
        catch (TemplateException wrong)
        {
            return ToFailure(wrong, at, source);
        }
    }

    private static ImmutableArray<Failure> CheckParse(string source, Position at, Action parse)
    {
        try
        {
            parse();
            return [];
        }
        catch (TemplateException wrong)
        {
            return [ToFailure(wrong, at, source)];
        }
    }

    private static Failure ToFailure(TemplateException wrong, Position at, string? source)
    {
        var phase = wrong.IsSyntax ? Phase.Parse : Phase.Apply;
        if (wrong is PythonTypeException && source is not null)
        {
            return Failure.At(phase, at, $"Unexpected templating type error occurred on ({source}): {wrong.Message}. {wrong.Message}");
        }

        if (wrong is PythonValueException)
        {
            return Failure.At(phase, at, wrong.Message) with { Kind = FailureKind.Refused };
        }

        var prefix = wrong.IsSyntax ? "template error while templating string: " : "";
        return wrong is UndefinedException
            ? Failure.At(phase, at, wrong.Shown) with { Kind = FailureKind.NotFound }
            : Failure.At(phase, at, prefix + wrong.Message + (wrong.IsSyntax ? Place(wrong.Offset, source) : ""));
    }

    /// <summary>Where in the template, when it is more than a few characters.</summary>
    private static string Place(int offset, string? source)
    {
        if (source is null || offset < 0 || offset > source.Length)
        {
            return "";
        }

        var before = source.AsSpan(0, offset);
        var line = before.Count('\n') + 1;
        var column = offset - (before.LastIndexOf('\n') + 1) + 1;
        var shown = source.Length <= 80 ? $" of: {source}" : "";
        return line == 1 && !source.Contains('\n', StringComparison.Ordinal) ? $" (at column {column}{shown})" : $" (at line {line}, column {column} of the template)";
    }
}
