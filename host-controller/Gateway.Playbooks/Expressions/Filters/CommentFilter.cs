using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Methods;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>The <c>comment</c> filter: a text as a comment of some language.</summary>
internal static class CommentFilter
{
    public static ImmutableArray<Filter> All { get; } = [new("comment", Apply)];

    private sealed record Style(string Decoration, string Beginning = "", string End = "", string? Before = null);

    private static Style Of(string name) => name switch
    {
        "erlang" => new("% "),
        "c" => new("// "),
        "cblock" => new(" * ", "/*", " */"),
        "xml" => new(" - ", "<!--", "-->"),
        "plain" => new("# "),
        _ => throw new TemplateException($"there is no style of comments '{name}': plain, erlang, c, cblock or xml"),
    };

    private static TextValue Apply(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("comment", 0, "style", "newline", "beginning", "prefix", "prefix_count", "decoration", "postfix", "postfix_count", "end");
        string? Given(int at) => bound[at] is { } given and not NullValue ? evaluator.Budget.Str(given) : null;
        var style = Of(Given(0) ?? "plain");
        var newline = Given(1) ?? "\n";
        var decoration = Given(5) ?? style.Decoration;
        var (beginning, end) = (Given(2) ?? style.Beginning, Given(8) ?? style.End);
        string Lines(string? text, int count) => count <= 0 || text is null ? "" : string.Concat(Enumerable.Repeat(text + newline, count));
        var prefixCount = (int)Math.Clamp(TextMethods.Integer(bound[4], 1), 0, 10_000);
        var postfixCount = (int)Math.Clamp(TextMethods.Integer(bound[7], 1), 0, 10_000);
        var prefix = Lines(Given(3) ?? decoration.TrimEnd(), prefixCount);
        var postfix = postfixCount > 0 ? string.Concat(Enumerable.Repeat(newline + (Given(6) ?? decoration.TrimEnd()), postfixCount)) : "";
        var body = evaluator.Budget.Str(value).Replace(newline, newline + decoration, StringComparison.Ordinal);
        body = (decoration + body).Replace(decoration + newline, decoration.TrimEnd() + newline, StringComparison.Ordinal);
        return evaluator.Budget.Text((beginning.Length > 0 ? beginning + newline : "") + prefix + body + postfix + (end.Length > 0 ? newline + end : ""));
    }
}
