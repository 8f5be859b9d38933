using System.Collections.Frozen;

namespace Gateway.Playbooks.Modules;

/// <summary>Modules of Ansible that are refused, with what to do instead.</summary>
public static class RefusedModules
{
    private static readonly FrozenDictionary<string, string> Advice = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["apt_key"] = "apt no longer trusts keys for all repositories: put the key into a file of its own with copy or get_url, and name it in deb822_repository's signed_by",
        ["fetch"] = "the playbook runs on the gateway itself: there is nowhere to fetch a file to; slurp reads one",
        ["raw"] = "it is for machines without Python: use command or shell",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Their short names.</summary>
    public static IEnumerable<string> Names => Advice.Keys.Order(StringComparer.Ordinal);

    /// <summary>Why a module is refused and what to do; null when it is not known here.</summary>
    public static string? Why(string name) =>
        Advice.TryGetValue(name.Replace("ansible.builtin.", "", StringComparison.Ordinal).Replace("ansible.legacy.", "", StringComparison.Ordinal), out var advice) ? advice : null;
}
