using System.Collections.Immutable;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions.Evaluation;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>A filter: its name and what it makes of a value and arguments.</summary>
/// <param name="Name">The name after the bar.</param>
/// <param name="Apply">What it does.</param>
/// <param name="TakesUndefined">Whether it may be given something undefined.</param>
internal sealed record Filter(string Name, Func<Evaluator, Value, Arguments, Value> Apply, bool TakesUndefined = false);

/// <summary>Every filter by name; the names that Ansible knows and that are refused stand here too, with the reason.</summary>
internal static class FilterTable
{
    private const string Machine = "it needs the machine or its clock";
    private const string Chance = "the same playbook must give the same result each time";
    private const string Html = "it makes HTML";

    private static readonly ImmutableDictionary<string, Filter> Known = new[]
    {
        BasicFilters.All, NumberFilters.All, TextFilters.All, ListFilters.All, MapFilters.All, OrderFilters.All, SetFilters.All, DictFilters.All,
        RegexFilters.All, PathFilters.All, CodecFilters.All, YamlFilters.All,
    }.SelectMany(filters => filters).ToImmutableDictionary(filter => filter.Name, StringComparer.Ordinal);

    private static readonly ImmutableDictionary<string, string> Refused = new (string Reason, string[] Names)[]
    {
        (Machine, ["expanduser", "expandvars", "realpath", "fileglob", "strftime", "vault", "unvault"]),
        (Chance, ["random", "shuffle", "password_hash"]),
        (Html, ["e", "escape", "forceescape", "safe", "striptags", "urlize", "xmlattr", "tojson"]),
        ("it is not implemented", ["pprint", "filesizeformat", "truncate", "to_datetime", "comment", "human_readable", "human_to_bytes", "permutations", "combinations",
            "win_basename", "win_dirname", "win_splitdrive", "from_yaml_all", "json_query", "log", "pow", "root", "to_uuid", "relpath"]),
    }.SelectMany(group => group.Names.Select(name => (name, group.Reason))).ToImmutableDictionary(pair => pair.name, pair => pair.Reason, StringComparer.Ordinal);

    /// <summary>The names of all filters there are.</summary>
    public static IEnumerable<string> Names => Known.Keys.Order(StringComparer.Ordinal);

    public static Filter? Find(string name) => Known.GetValueOrDefault(Short(name));

    /// <summary>Why there is no such filter.</summary>
    public static string Unknown(string name) => Refused.TryGetValue(Short(name), out var reason)
        ? $"filter '{name}' is not supported: {reason}"
        : $"No filter named '{name}'{Nearest.Hint(name, Known.Keys)}.";

    private static string Short(string name) => name.StartsWith("ansible.builtin.", StringComparison.Ordinal) ? name["ansible.builtin.".Length..] : name;
}
