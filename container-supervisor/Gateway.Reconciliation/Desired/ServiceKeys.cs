using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Core.Yaml;
using static Gateway.Reconciliation.Desired.KeySupport;

namespace Gateway.Reconciliation.Desired;

/// <summary>The keys of a service (compose-spec/05-services.md), each with its reader. Keys not in this table and not beginning with <c>x-</c> are errors.</summary>
public static class ServiceKeys
{
    /// <summary>All known keys, in the order of the documentation's table.</summary>
    public static ImmutableArray<ServiceKey> All { get; } =
    [
        Of("image", "reference", "required; with a digest unless `require_digest: false`", static (s, n, r) => ServiceReader.Image(s, n, r)),
        Of("command", "string or list", "a string is split as shell words; nothing is expanded", static (s, n, r) => s with { Command = ServiceReader.Words(n, r, "'command'") }),
        Of("entrypoint", "string or list", "as `command`", static (s, n, r) => s with { Entrypoint = ServiceReader.Words(n, r, "'entrypoint'") }),
        Of("environment", "mapping or list", "every name needs a value", static (s, n, r) => s with { Environment = r.Pairs(n, "'environment'", true).ToImmutableSortedDictionary(p => p.Key, p => (string?)p.Value, StringComparer.Ordinal) }),
        Of("labels", "mapping or list", "`io.gateway.*` is the supervisor's", static (s, n, r) => s with { Labels = ServiceReader.Labels(n, r) }),
        Of("volumes", "list, short or long form", "volume, bind, tmpfs; host paths absolute, as far as `policy.bind_mounts` allows", static (s, n, r) => s with { Volumes = [.. MountReader.Read(n, r)] }),
        Of("tmpfs", "string or list", "", static (s, n, r) => s with { Tmpfs = MountReader.Tmpfs(n, r).ToImmutableSortedDictionary(StringComparer.Ordinal) }),
        Of("ports", "list, short or long form", "ranges, host address, tcp, udp, sctp", static (s, n, r) => s with { Ports = [.. PortReader.Read(n, r)] }),
        Of("expose", "list", "", static (s, n, r) => s with { Expose = [.. PortReader.Expose(n, r)] }),
        Of("devices", "list of `source[:target[:rwm]]`", "alternatives `a*|b`: the first that exists; as far as `policy.devices` allows", static (s, n, r) => s with { Devices = ServiceReader.Devices(n, r) }),
        Of("networks", "list or mapping", "aliases, ipv4_address, ipv6_address", static (s, n, r) => s with { Networks = LinkReader.Networks(n, r) }),
        Of("network_mode", "`host`, `none`, `bridge`", "`host` as far as `policy.host_namespaces` allows; `service:` and `container:` are refused", static (s, n, r) => s with { NetworkMode = ServiceReader.OneOf(n, r, "'network_mode'", "host", "none", "bridge") }),
        Of("links", "list", "implies `depends_on`", static (s, n, r) => s with { Links = LinkReader.Links(n, r) }),
        Of("extra_hosts", "mapping or list", "", static (s, n, r) => s with { ExtraHosts = LinkReader.ExtraHosts(n, r) }),
        Of("dns", "string or list", "", static (s, n, r) => s with { Dns = ServiceReader.Dns(n, r) }),
        Of("dns_search", "string or list", "", static (s, n, r) => s with { DnsSearch = r.Texts(n, "'dns_search'", true) }),
        Of("dns_opt", "list", "", static (s, n, r) => s with { DnsOptions = r.Texts(n, "'dns_opt'") }),
        Of("depends_on", "list or mapping", "service_started, service_healthy, service_completed_successfully; restart, required", static (s, n, r) => s with { DependsOn = LinkReader.DependsOn(n, r) }),
        Of("healthcheck", "mapping", "test, interval, timeout, retries, start_period, disable", static (s, n, r) => s with { HealthCheck = HealthReader.Read(n, r) }),
        Of("restart", "`no`, `on-failure[:n]`, `always`, `unless-stopped`", "default `unless-stopped` (`no` when another service waits for it to complete); `always` is given to the engine as `unless-stopped`, so that it never starts a container that was stopped for an update; the supervisor starts stopped ones itself", static (s, n, r) => s with { Restart = ServiceReader.Restart(n, r) }),
        Of("container_name", "name", "default `<application>-<service>`", static (s, n, r) => ServiceReader.ContainerName(s, n, r)),
        Of("user", "string", "", static (s, n, r) => s with { User = r.Word(n, "'user'") }),
        Of("group_add", "list", "", static (s, n, r) => s with { GroupAdd = r.Texts(n, "'group_add'") }),
        Of("working_dir", "path", "", static (s, n, r) => s with { WorkingDirectory = r.Word(n, "'working_dir'") }),
        Of("hostname", "string", "", static (s, n, r) => s with { Hostname = r.Word(n, "'hostname'") }),
        Of("domainname", "string", "", static (s, n, r) => s with { DomainName = r.Word(n, "'domainname'") }),
        Of("mac_address", "string", "", static (s, n, r) => s with { MacAddress = r.Word(n, "'mac_address'") }),
        Of("cap_add", "list", "beyond Docker's default set as far as `policy.capabilities` allows", static (s, n, r) => s with { CapAdd = ServiceReader.Capabilities(n, r, "'cap_add'") }),
        Of("cap_drop", "list", "", static (s, n, r) => s with { CapDrop = ServiceReader.Capabilities(n, r, "'cap_drop'") }),
        Of("privileged", "boolean", "as far as `policy.privileged` allows", static (s, n, r) => s with { Privileged = r.Boolean(n, "'privileged'") }),
        Of("security_opt", "list", "`no-new-privileges` always; others as far as `policy.security_options` allows", static (s, n, r) => s with { SecurityOptions = r.Texts(n, "'security_opt'") }),
        Of("read_only", "boolean", "", static (s, n, r) => s with { ReadOnly = r.Boolean(n, "'read_only'") }),
        Of("sysctls", "mapping or list", "those of the container's own namespaces", static (s, n, r) => s with { Sysctls = r.Pairs(n, "'sysctls'", true) }),
        Of("ulimits", "mapping", "", static (s, n, r) => s with { Ulimits = ServiceReader.Ulimits(n, r) }),
        Of("shm_size", "size", "", static (s, n, r) => s with { ShmSize = r.Bytes(n, "'shm_size'") }),
        Of("init", "boolean", "", static (s, n, r) => s with { Init = r.Boolean(n, "'init'") }),
        Of("tty", "boolean", "", static (s, n, r) => s with { Tty = r.Boolean(n, "'tty'") }),
        Of("stdin_open", "boolean", "", static (s, n, r) => s with { StdinOpen = r.Boolean(n, "'stdin_open'") }),
        Of("stop_signal", "string", "", static (s, n, r) => s with { StopSignal = r.Word(n, "'stop_signal'") }),
        Of("stop_grace_period", "duration", "whole seconds, rounded up", static (s, n, r) => s with { StopGracePeriod = r.Duration(n, "'stop_grace_period'") }),
        Of("logging", "mapping", "driver, options; json-file, local, journald, none", static (s, n, r) => s with { Logging = ServiceReader.Logging(n, r) }),
        Of("pid", "`host`", "as far as `policy.host_namespaces` allows", static (s, n, r) => s with { Pid = ServiceReader.OneOf(n, r, "'pid'", "host") }),
        Of("ipc", "`host`, `private`, `shareable`, `none`", "`host` as far as `policy.host_namespaces` allows", static (s, n, r) => s with { Ipc = ServiceReader.OneOf(n, r, "'ipc'", "host", "private", "shareable", "none") }),
        Of("uts", "`host`", "as far as `policy.host_namespaces` allows", static (s, n, r) => s with { Uts = ServiceReader.OneOf(n, r, "'uts'", "host") }),
        Of("userns_mode", "`host`", "as far as `policy.host_namespaces` allows", static (s, n, r) => s with { UserNamespace = ServiceReader.OneOf(n, r, "'userns_mode'", "host") }),
        Of("cgroup", "`host`, `private`", "`host` as far as `policy.host_namespaces` allows", static (s, n, r) => s with { CgroupNamespace = ServiceReader.OneOf(n, r, "'cgroup'", "host", "private") }),
        Of("mem_limit", "size", "", static (s, n, r) => LimitReader.Set(s, n, r, "mem_limit", r.Bytes(n, "'mem_limit'"), l => l.Memory, static (l, v) => l with { Memory = v })),
        Of("mem_reservation", "size", "", static (s, n, r) => LimitReader.Set(s, n, r, "mem_reservation", r.Bytes(n, "'mem_reservation'"), l => l.MemoryReservation, static (l, v) => l with { MemoryReservation = v })),
        Of("memswap_limit", "size or -1", "", static (s, n, r) => LimitReader.Set(s, n, r, "memswap_limit", LimitReader.Swap(n, r), l => l.MemorySwap, static (l, v) => l with { MemorySwap = v })),
        Of("cpus", "number", "", static (s, n, r) => LimitReader.Set(s, n, r, "cpus", LimitReader.Cpus(n, r), l => l.NanoCpus, static (l, v) => l with { NanoCpus = v })),
        Of("cpuset", "string", "", static (s, n, r) => s with { Limits = s.Limits with { CpuSet = r.Word(n, "'cpuset'") } }),
        Of("cpu_shares", "integer", "", static (s, n, r) => s with { Limits = s.Limits with { CpuShares = r.Integer(n, "'cpu_shares'", 2, 262_144) } }),
        Of("pids_limit", "integer", "-1: no limit", static (s, n, r) => LimitReader.Set(s, n, r, "pids_limit", r.Integer(n, "'pids_limit'", -1, 4_194_304), l => l.Pids, static (l, v) => l with { Pids = v })),
        Of("oom_score_adj", "integer", "below 0 as far as `policy.privileged` allows", static (s, n, r) => s with { Limits = s.Limits with { OomScoreAdjustment = (int?)r.Integer(n, "'oom_score_adj'", -1000, 1000) } }),
        Of("deploy", "mapping", "`resources.limits` (cpus, memory, pids), `resources.reservations.memory`, `replicas: 1`", static (s, n, r) => LimitReader.Deploy(s, n, r)),
        Of("x-create-options", "mapping", "an Engine create body, merged under the rest: mappings key by key, lists joined; judged by the local policy", static (s, n, r) => s with { CreateOptions = CreateOptionsReader.Read(n, r) }),
        new("profiles", Ignored, "list", "every service runs"),
        .. Refusals,
    ];

    private static readonly FrozenDictionary<string, ServiceKey> ByName = All.ToFrozenDictionary(key => key.Name, StringComparer.Ordinal);

    private static IEnumerable<ServiceKey> Refusals =>
    [
        No("build", "images are built elsewhere and named by digest"),
        No("env_file", "a document stands alone; write 'environment'"),
        No("extends", "a document stands alone; use YAML anchors"),
        No("secrets", "not supported in this version"),
        No("configs", "not supported in this version"),
        No("volumes_from", "share a named volume"),
        No("external_links", "share a network"),
        No("cgroup_parent", "not supported"),
        No("runtime", "not supported"),
        No("gpus", "not supported in this version"),
        No("device_cgroup_rules", "use 'devices'"),
        No("isolation", "not for Linux"),
        No("platform", "the digest says it"),
        No("pull_policy", "a digest needs none"),
        No("scale", "one container for each service"),
        No("develop", "not for gateways"),
        No("storage_opt", "not supported in this version"),
    ];

    /// <summary>The key of that name, or null.</summary>
    internal static ServiceKey? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The table of the documentation, in Markdown.</summary>
    public static string Table() => string.Concat(
        All.Select(key => $"| `{key.Name}` | {(key.Support == Refused ? "refused" : key.Support == Ignored ? "ignored, with a warning" : key.Form)} | {key.Note} |\n")
            .Prepend("|---|---|---|\n")
            .Prepend("| key | form | note |\n"));

    private static ServiceKey Of(string name, string form, string note, Func<Service, YamlNode, Reading, Service> read) => new(name, Applied, form, note) { Read = read };

    private static ServiceKey No(string name, string why) => new(name, Refused, "", why);
}
