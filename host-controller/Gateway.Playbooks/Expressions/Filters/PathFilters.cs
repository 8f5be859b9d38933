using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Evaluation;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>Paths as text, by the rules of Python's posixpath. No file is looked at.</summary>
internal static class PathFilters
{
    public static ImmutableArray<Filter> All { get; } =
    [
        new("basename", (evaluator, value, _) => evaluator.Budget.Text(Split(evaluator.Budget.Str(value)).Tail)),
        new("dirname", (evaluator, value, _) => evaluator.Budget.Text(Split(evaluator.Budget.Str(value)).Head)),
        new("splitext", (evaluator, value, _) => SplitExtension(evaluator.Budget.Str(value))),
        new("path_join", (evaluator, value, _) => evaluator.Budget.Text(Join(value is TextValue text ? [text.Value]
            : Items.Of(value, evaluator.Budget).Select(evaluator.Budget.Str)))),
    ];

    private static (string Head, string Tail) Split(string path)
    {
        var at = path.LastIndexOf('/') + 1;
        var head = path[..at];
        return (head.Trim('/').Length == 0 ? head : head.TrimEnd('/'), path[at..]);
    }

    private static ListValue SplitExtension(string path)
    {
        var name = path.LastIndexOf('/') + 1;
        var dot = path.LastIndexOf('.');
        var hasExtension = dot > name && path[name..dot].Trim('.').Length > 0;
        return new([hasExtension ? path[..dot] : path, hasExtension ? path[dot..] : ""], true);
    }

    private static string Join(IEnumerable<string> parts) => parts.Aggregate("", (path, part) =>
        part.StartsWith('/') || path.Length == 0 ? part : path.EndsWith('/') ? path + part : path + "/" + part);
}
