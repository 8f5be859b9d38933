using System.Collections.Immutable;

namespace Gateway.Playbooks.Modules;

/// <summary>Which groups of facts <c>gather_subset</c> asks for (ansible/module_utils/facts/collector.py).</summary>
internal static class FactSubset
{
    private static readonly ImmutableHashSet<string> Least = ["distribution", "platform", "date_time", "dns", "env", "user", "managers", "local"];

    /// <summary>Ansible's names for more than one group, or for facts that are none of ours.</summary>
    private static readonly ImmutableDictionary<string, ImmutableArray<string>> Names = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal)
    {
        ["hardware"] = ["hardware", "processor", "mounts", "board"],
        ["processor"] = ["hardware", "processor", "mounts", "board"],
        ["interfaces"] = ["network"],
        ["chroot"] = ["managers"],
        ["lsb"] = ["distribution"],
    }.ToImmutableDictionary(StringComparer.Ordinal);

    private static readonly ImmutableHashSet<string> Elsewhere =
    [
        "apparmor", "caps", "devices", "effective_group_ids", "facter", "fibre_channel_wwn", "fips", "iscsi", "loadavg", "nvme", "ohai", "python", "python_version", "ssh_pub_keys", "ssh_host_pub_keys",
        "ssh_host_key_dsa_public", "ssh_host_key_ecdsa_public", "ssh_host_key_ed25519_public", "ssh_host_key_rsa_public", "system_capabilities", "system_capabilities_enforced",
    ];

    /// <summary>The name in a subset that Ansible does not know; null when it knows all of them.</summary>
    public static string? Unknown(IEnumerable<string> subset) => subset.FirstOrDefault(name => !name.StartsWith('!') && name is not ("all" or "min") && !Elsewhere.Contains(name) && Groups(name).IsEmpty);

    /// <summary>The groups: the least first, then what is named, without what is named after <c>!</c> unless it is named by itself as well.</summary>
    public static ImmutableHashSet<string> Of(IReadOnlyCollection<string> subset, IEnumerable<string> all)
    {
        var every = all.ToImmutableHashSet(StringComparer.Ordinal);
        var wanted = Least;
        var named = ImmutableHashSet<string>.Empty;
        var without = ImmutableHashSet<string>.Empty;
        foreach (var one in subset.Count == 0 ? ["all"] : subset)
        {
            var groups = one switch { "all" => every, "min" => Least, "!all" => every.Except(Least), "!min" => Least, _ => Groups(one.TrimStart('!')) };
            without = one.StartsWith('!') ? without.Union(groups) : without;
            wanted = one.StartsWith('!') ? wanted : wanted.Union(groups);
            named = one.StartsWith('!') || one is "all" or "min" ? named : named.Union(groups);
        }

        return wanted.Except(without.Except(named)).Add("gathered");
    }

    private static ImmutableHashSet<string> Groups(string name) =>
        Names.TryGetValue(name, out var groups) ? [.. groups] : HostFacts.GroupNamed(name) is { } group ? [group] : [];
}
