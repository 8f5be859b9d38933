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
    private static readonly string[] Collections = ["ansible.builtin.", "ansible.utils.", "ansible.netcommon."];

    private const string Chance = "the same playbook must give the same result each time";
    private const string Html = "it makes HTML";

    private static readonly ImmutableDictionary<string, Filter> Known = new[]
    {
        BasicFilters.All, NumberFilters.All, TextFilters.All, ListFilters.All, MapFilters.All, OrderFilters.All, SetFilters.All, DictFilters.All,
        RegexFilters.All, PathFilters.All, CodecFilters.All, YamlFilters.All, TimeFilters.All, MachineFilters.All, UnitFilters.All, CommentFilter.All, CombinationFilters.All, AddressFilters.All,
    }.SelectMany(filters => filters).ToImmutableDictionary(filter => filter.Name, StringComparer.Ordinal);

    private static readonly ImmutableDictionary<string, string> Refused = new (string Reason, string[] Names)[]
    {
        ("there is no vault password on a gateway", ["vault", "unvault"]),
        (Chance, ["random", "shuffle", "password_hash", "random_mac"]),
        (Html, ["striptags", "urlize", "xmlattr", "tojson"]),
        ("it is not implemented", ["json_query", "pprint"]),
    }.SelectMany(group => group.Names.Select(name => (name, group.Reason))).ToImmutableDictionary(pair => pair.name, pair => pair.Reason, StringComparer.Ordinal);

    /// <summary>The names of all filters there are.</summary>
    public static IEnumerable<string> Names => Known.Keys.Order(StringComparer.Ordinal);

    /// <summary>Whether what a filter gives stays a text (STRING_TYPE_FILTERS in ansible/config/base.yml).</summary>
    public static bool GivesText(string name) => name is "string" or "to_json" or "to_nice_json" or "to_yaml" or "to_nice_yaml";

    public static Filter? Find(string name) => Known.GetValueOrDefault(Short(name));

    /// <summary>Why there is no such filter.</summary>
    public static string Unknown(string name) => Refused.TryGetValue(Short(name), out var reason)
        ? $"filter '{name}' is not supported: {reason}"
        : $"No filter named '{name}'{Nearest.Hint(name, Known.Keys)}.";

    private static string Short(string name) => Collections.FirstOrDefault(collection => name.StartsWith(collection, StringComparison.Ordinal)) is { } prefix ? name[prefix.Length..] : name;
}
