using System.Collections.Immutable;
using Gateway.Core.Yaml;

namespace Gateway.HostController.Configuration;

/// <summary>Reads what playbooks may do here: the keys that begin with <c>allowed_</c>.</summary>
internal static class PolicyReader
{
    /// <summary>Short names of modules; null when the key is absent.</summary>
    public static ImmutableArray<string>? Modules(YamlFields fields) =>
        fields.Node("allowed_modules") is null ? null : [.. fields.Texts("allowed_modules").Select(ShortName)];

    /// <summary>Paths, or names of programs as well; null when the key is absent.</summary>
    public static ImmutableArray<string>? Allowed(YamlFields fields, string key, bool onlyPaths)
    {
        if (fields.Node(key) is not { } node)
        {
            return null;
        }

        var entries = fields.Texts(key);
        foreach (var wrong in entries.Where(entry => entry.Length == 0 || (entry.Contains('/', StringComparison.Ordinal) || onlyPaths) && (entry[0] != '/' || entry.Split('/').Any(name => name is "." or ".."))))
        {
            fields.Fail(node, $"'{key}' may name absolute paths without '..'{(onlyPaths ? "" : ", and programs")}, not '{wrong}'");
        }

        return entries;
    }

    /// <summary>Lookups that reach beyond the playbook; none unless named.</summary>
    public static ImmutableArray<string> Lookups(YamlFields fields)
    {
        if (fields.Node("allowed_lookups") is not { } node)
        {
            return [];
        }

        var lookups = fields.Texts("allowed_lookups");
        foreach (var unknown in lookups.Where(lookup => lookup is not ("pipe" or "url")))
        {
            fields.Fail(node, $"'allowed_lookups' may name pipe and url, not '{unknown}'");
        }

        return lookups;
    }

    private static string ShortName(string module) => module[(module.LastIndexOf('.') + 1)..];
}
