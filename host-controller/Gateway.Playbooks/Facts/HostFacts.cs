using System.Collections.Immutable;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>
/// Facts about the machine under Ansible's names with their <c>ansible_</c> in front, read in groups when one of a group
/// is asked for. Paths of the kernel are those of the machine itself, all others lie under the reader's root.
/// </summary>
public sealed class HostFacts
{
    private static readonly ImmutableArray<(string Name, ImmutableArray<string> Facts, Func<FactSource, DictValue> Read)> Groups =
    [
        ("distribution", ["ansible_distribution", "ansible_distribution_major_version", "ansible_distribution_minor_version", "ansible_distribution_release", "ansible_distribution_version", "ansible_os_family",
            "ansible_distribution_file_path", "ansible_distribution_file_parsed", "ansible_distribution_file_variety", "ansible_lsb"], DistributionFacts.Read),
        ("platform", ["ansible_architecture", "ansible_domain", "ansible_fqdn", "ansible_hostname", "ansible_kernel", "ansible_kernel_version", "ansible_machine", "ansible_machine_id", "ansible_nodename",
            "ansible_system", "ansible_userspace_architecture", "ansible_userspace_bits"], PlatformFacts.Read),
        ("hardware", ["ansible_memfree_mb", "ansible_memory_mb", "ansible_memtotal_mb", "ansible_swapfree_mb", "ansible_swaptotal_mb", "ansible_uptime_seconds"], MemoryFacts.Read),
        ("processor", ["ansible_processor", "ansible_processor_cores", "ansible_processor_count", "ansible_processor_nproc", "ansible_processor_threads_per_core",
            "ansible_processor_vcpus"], ProcessorFacts.Read),
        ("mounts", ["ansible_mounts"], MountFacts.Read),
        ("board", ["ansible_bios_date", "ansible_bios_vendor", "ansible_bios_version", "ansible_board_name", "ansible_product_name", "ansible_product_serial", "ansible_product_uuid",
            "ansible_product_version", "ansible_system_vendor", "ansible_raspberry_pi"], BoardFacts.Read),
        ("network", ["ansible_all_ipv4_addresses", "ansible_all_ipv6_addresses", "ansible_default_ipv4", "ansible_default_ipv6", "ansible_interfaces"], NetworkFacts.Read),
        ("dns", ["ansible_dns"], source => Results.Of(("ansible_dns", NetworkFacts.Dns(source)))),
        ("date_time", ["ansible_date_time"], ClockFacts.Read),
        ("env", ["ansible_env"], source => Results.Of(("ansible_env", source.Reader.AllEnvironment))),
        ("user", ["ansible_effective_group_id", "ansible_effective_user_id", "ansible_real_group_id", "ansible_real_user_id", "ansible_user_dir", "ansible_user_gecos", "ansible_user_gid",
            "ansible_user_id", "ansible_user_shell", "ansible_user_uid"], PlatformFacts.ReadUser),
        ("managers", ["ansible_cmdline", "ansible_is_chroot", "ansible_pkg_mgr", "ansible_proc_cmdline", "ansible_selinux", "ansible_selinux_python_present", "ansible_service_mgr"], PlatformFacts.ReadManagers),
        ("virtual", ["ansible_virtualization_role", "ansible_virtualization_tech_guest", "ansible_virtualization_tech_host", "ansible_virtualization_type"], VirtualFacts.Read),
        ("local", ["ansible_local"], LocalFacts.Read),
        ("gathered", ["gather_subset", "module_setup"], _ => DictValue.Empty),
    ];

    private static readonly Dictionary<string, int> GroupOf = Groups.SelectMany((group, at) => group.Facts.Select(fact => (fact, at))).ToDictionary(pair => pair.fact, pair => pair.at, StringComparer.Ordinal);

    private readonly DictValue?[] read = new DictValue?[Groups.Length];
    private readonly FactSource source;
    private readonly ImmutableHashSet<string> wanted;

    /// <param name="reader">The machine.</param>
    /// <param name="localFolder">Where local facts lie, as with <c>fact_path</c>.</param>
    /// <param name="subset">As with <c>gather_subset</c>: <c>all</c>, <c>min</c>, names of groups or of facts, and <c>!</c> before what is left out.</param>
    public HostFacts(IHostReader reader, string localFolder, IReadOnlyCollection<string> subset)
    {
        source = new FactSource(reader, reader.Now, localFolder);
        wanted = FactSubset.Of(subset, Groups.Select(group => group.Name));
        read[GroupOf["gather_subset"]] = Results.Of(("gather_subset", Results.List(subset)), ("module_setup", true));
    }

    /// <summary>Names of all facts that there can be, for documentation.</summary>
    public static IEnumerable<string> AllNames => GroupOf.Keys;

    /// <summary>Names of all facts; those of single interfaces are among them once interfaces have been read.</summary>
    public IEnumerable<string> Names => All().Keys.Select(key => key.ToString());

    /// <summary>A fact; null when there is none of that name on this machine.</summary>
    public Value? Find(string name)
    {
        if (GroupOf.TryGetValue(name, out var group))
        {
            return wanted.Contains(Groups[group].Name) && Read(group).TryGet(name, out var value) ? value : null;
        }

        // Every interface is a fact of its own.
        return name.StartsWith("ansible_", StringComparison.Ordinal) && wanted.Contains("network") && NetworkFacts.IsInterface(source, name["ansible_".Length..]) && Read(GroupOf["ansible_interfaces"]).TryGet(name, out var device) ? device : null;
    }

    /// <summary>Whether a name is one of the facts that are gathered, read or not.</summary>
    public bool Offers(string name) => GroupOf.TryGetValue(name, out var group) && wanted.Contains(Groups[group].Name);

    /// <summary>All of them.</summary>
    public DictValue All() => DictValue.Of(Enumerable.Range(0, Groups.Length).Where(group => wanted.Contains(Groups[group].Name)).SelectMany(group => Read(group).Entries));

    /// <summary>The group of a name, which is its own or that of a fact in it; null when there is none.</summary>
    internal static string? GroupNamed(string name) =>
        Groups.Select(group => group.Name).FirstOrDefault(group => group == name) ?? (GroupOf.TryGetValue("ansible_" + name, out var of) ? Groups[of].Name : null);

    private DictValue Read(int group) => read[group] ??= Groups[group].Read(source);
}
