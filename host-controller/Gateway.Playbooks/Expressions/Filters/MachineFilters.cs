using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Lookups;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>Paths as the machine sees them: homes, variables of the environment, links, what matches a pattern.</summary>
internal static partial class MachineFilters
{
    public static ImmutableArray<Filter> All { get; } =
    [
        new("expanduser", (evaluator, value, _) => evaluator.Budget.Text(ExpandUser(evaluator, evaluator.Budget.Str(value)))),
        new("expandvars", (evaluator, value, _) => evaluator.Budget.Text(Name().Replace(
            evaluator.Budget.Str(value), match => evaluator.Resolver.Machine.Environment(match.Groups["name"].Value) ?? match.Value))),
        new("realpath", (evaluator, value, _) => evaluator.Budget.Text(evaluator.Resolver.Machine.RealPath(evaluator.Budget.Str(value)))),
        new("fileglob", Glob),
    ];

    private static string ExpandUser(Evaluator evaluator, string path)
    {
        if (!path.StartsWith('~'))
        {
            return path;
        }

        var end = path.IndexOf('/', StringComparison.Ordinal) is var slash and > 0 ? slash : path.Length;
        var home = evaluator.Resolver.Machine.Home(end == 1 ? null : path[1..end]);
        return home is null ? path : home.TrimEnd('/') + path[end..];
    }

    private static ListValue Glob(Evaluator evaluator, Value value, Arguments arguments)
    {
        var (pattern, machine) = (evaluator.Budget.Str(value), evaluator.Resolver.Machine);
        var at = pattern.LastIndexOf('/') + 1;
        var folder = at == 0 ? "." : pattern[..Math.Max(1, at - 1)];
        var found = machine.List(folder).Where(name => Wildcards.Matches(pattern[at..], name)).Select(name => pattern[..at] + name);
        return ListValue.Of(found.Where(path => machine.Stat(path, follow: true)?.Kind == FileKind.File).Select(path => (Value)evaluator.Budget.Text(path)));
    }

    [GeneratedRegex(@"\$(?:(?<name>[A-Za-z0-9_]+)|\{(?<name>[^}]*)\})", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Name();
}
