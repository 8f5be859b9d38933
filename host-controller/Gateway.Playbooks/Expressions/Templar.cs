using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.Playbooks.Expressions;

/// <summary>
/// Renders Jinja templates and evaluates expressions as Ansible does (docs.ansible.com, "Templating (Jinja2)"), bounded
/// by <see cref="TemplateLimits"/>. Every failure carries the position given and says what is wrong in Ansible's words.
/// </summary>
public sealed class Templar(TemplateLimits? limits = null)
{
    private readonly TemplateLimits limits = limits ?? TemplateLimits.Default;

    /// <summary>Whether a text holds template syntax: <c>{{</c>, <c>{%</c> or <c>{#</c>.</summary>
    public static bool IsTemplate(string text) =>
        text.Contains("{{", StringComparison.Ordinal) || text.Contains("{%", StringComparison.Ordinal) || text.Contains("{#", StringComparison.Ordinal);

    /// <summary>Renders a text. <c>{{ x }}</c> alone keeps its type; anything else is a text, but what then looks like a list,
    /// a dictionary, True or False becomes one, as in Ansible.</summary>
    public Result<Value> Render(string template, Position at, IVariables variables, TemplateOptions? options = null) =>
        Failure.At(Phase.Parse, at, $"templates come with the evaluator {limits.Depth}");

    /// <summary>Renders every text in a value, at any depth, that is not marked unsafe.</summary>
    public Result<Value> Resolve(Value value, Position at, IVariables variables) => value is TextValue { IsTemplate: true } text
        ? Render(text.Value, at, variables)
        : value;

    /// <summary>Evaluates a bare expression, as under <c>when:</c> or <c>var:</c>, to its value.</summary>
    public Result<Value> Evaluate(string expression, Position at, IVariables variables) => Render("{{" + expression + "}}", at, variables);

    /// <summary>Evaluates a condition, as under <c>when:</c>, <c>until:</c>, <c>changed_when:</c> and <c>assert</c>.</summary>
    public Result<bool> Test(string condition, Position at, IVariables variables) =>
        Evaluate(condition, at, variables).Then<bool>(value => value.IsTrue);

    /// <summary>What is wrong with a text as a template without rendering it: syntax, unknown filters, tests and functions.</summary>
    public static ImmutableArray<Failure> Check(string template, Position at, TemplateOptions? options = null) => [];

    /// <summary>What is wrong with a bare expression without evaluating it.</summary>
    public static ImmutableArray<Failure> CheckExpression(string expression, Position at) => [];
}
