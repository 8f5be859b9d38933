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
        Of("image", "reference", "required; with a digest unless `require_digest: false`", static (s, n, r) => ServiceValues.Image(s, n, r)),
        Of("command", "string or list", "a string is split as shell words; nothing is expanded", static (s, n, r) => s with { Command = ServiceValues.Words(n, r, "'command'") }),
        Of("entrypoint", "string or list", "as `command`", static (s, n, r) => s with { Entrypoint = ServiceValues.Words(n, r, "'entrypoint'") }),
        Of("environment", "mapping or list", "every name needs a value", static (s, n, r) => s with { Environment = s.Environment.SetItems(r.Pairs(n, "'environment'", true).Select(p => KeyValuePair.Create(p.Key, (string?)p.Value))) }),
        Of("env_file", "mapping or list of `{content, format}`", "the text of a `.env` file, not its path; `environment` wins", static (s, n, r) => s with { Environment = EnvFileReader.Read(n, r).SetItems(s.Environment) }),
        Of("labels", "mapping or list", "`io.gateway.*` is the supervisor's", static (s, n, r) => s with { Labels = ServiceValues.Labels(n, r) }),
        Of("volumes", "list, short or long form", "volume, bind, tmpfs; host paths absolute, as far as `policy.bind_mounts` allows", static (s, n, r) => s with { Volumes = [.. MountReader.Read(n, r)] }),
        Of("volumes_from", "list of `service[:ro]`", "the named volumes and bind mounts of another service", static (s, n, r) => s with { VolumesFrom = ServiceValues.VolumesFrom(n, r) }),
        Of("secrets", "list, short or long form", "keys of the application's `secrets`, whose text stands under `content`; read-only at `/run/secrets/<name>` or `target`, mode 0444", static (s, n, r) => s with { FileUses = [.. s.FileUses, .. InlineFileReader.Uses(n, r, secret: true)] }),
        Of("configs", "list, short or long form", "as `secrets`, of the application's `configs`; at `/<name>` or `target`", static (s, n, r) => s with { FileUses = [.. s.FileUses, .. InlineFileReader.Uses(n, r, secret: false)] }),
        Of("tmpfs", "string or list", "", static (s, n, r) => s with { Tmpfs = MountReader.Tmpfs(n, r).ToImmutableSortedDictionary(StringComparer.Ordinal) }),
        Of("ports", "list, short or long form", "ranges, host address, tcp, udp, sctp", static (s, n, r) => s with { Ports = [.. PortReader.Read(n, r)] }),
        Of("expose", "list", "", static (s, n, r) => s with { Expose = [.. PortReader.Expose(n, r)] }),
        Of("devices", "list of `source[:target[:rwm]]`", "alternatives `a*|b`: the first that exists; as far as `policy.devices` allows", static (s, n, r) => s with { Devices = DeviceReader.Read(n, r) }),
        Of("device_cgroup_rules", "list of rules like `c 188:* rwm`", "as far as `policy.devices` allows: a rule that covers it, or `/dev/`", static (s, n, r) => s with { DeviceCgroupRules = DeviceRequestReader.Rules(n, r) }),
        Of("gpus", "`all`, or list", "driver, count, device_ids, capabilities, options; as far as `policy.privileged` allows", static (s, n, r) => s with { DeviceRequests = [.. s.DeviceRequests, .. DeviceRequestReader.Read(n, r, "'gpus'")] }),
        Of("networks", "list or mapping", "aliases, ipv4_address, ipv6_address, link_local_ips, priority", static (s, n, r) => s with { Networks = LinkReader.Networks(n, r) }),
        Of("network_mode", "`host`, `none`, `bridge`, `service:<name>`", "`host` as far as `policy.host_namespaces` allows; `service:` implies `depends_on` with `restart: true`; `container:` is refused", static (s, n, r) => s with { NetworkMode = ServiceValues.Namespace(n, r, "'network_mode'", "host", "none", "bridge") }),
        Of("links", "list", "implies `depends_on`", static (s, n, r) => s with { Links = LinkReader.Links(n, r) }),
        Of("extra_hosts", "mapping or list", "", static (s, n, r) => s with { ExtraHosts = LinkReader.ExtraHosts(n, r) }),
        Of("dns", "string or list", "", static (s, n, r) => s with { Dns = ServiceValues.Dns(n, r) }),
        Of("dns_search", "string or list", "", static (s, n, r) => s with { DnsSearch = r.Texts(n, "'dns_search'", true) }),
        Of("dns_opt", "list", "", static (s, n, r) => s with { DnsOptions = r.Texts(n, "'dns_opt'") }),
        Of("depends_on", "list or mapping", "service_started, service_healthy, service_completed_successfully; restart, required", static (s, n, r) => s with { DependsOn = LinkReader.DependsOn(n, r) }),
        Of("healthcheck", "mapping", "test, interval, timeout, retries, start_period, start_interval, disable", static (s, n, r) => s with { HealthCheck = HealthReader.Read(n, r) }),
        Of("restart", "`no`, `on-failure[:n]`, `always`, `unless-stopped`", "default `unless-stopped` (`no` when another service waits for it to complete); `always` is given to the engine as `unless-stopped`, so that it never starts a container that was stopped for an update; the supervisor starts stopped ones itself", static (s, n, r) => s with { Restart = ServiceValues.Restart(n, r) }),
        Of("container_name", "name", "default `<application>-<service>`", static (s, n, r) => ServiceValues.ContainerName(s, n, r)),
        Of("user", "string", "", static (s, n, r) => s with { User = r.Word(n, "'user'") }),
        Of("group_add", "list", "", static (s, n, r) => s with { GroupAdd = r.Texts(n, "'group_add'") }),
        Of("working_dir", "path", "", static (s, n, r) => s with { WorkingDirectory = r.Word(n, "'working_dir'") }),
        Of("hostname", "string", "", static (s, n, r) => s with { Hostname = r.Word(n, "'hostname'") }),
        Of("domainname", "string", "", static (s, n, r) => s with { DomainName = r.Word(n, "'domainname'") }),
        Of("mac_address", "string", "", static (s, n, r) => s with { MacAddress = r.Word(n, "'mac_address'") }),
        Of("cap_add", "list", "beyond Docker's default set as far as `policy.capabilities` allows", static (s, n, r) => s with { CapAdd = ServiceValues.Capabilities(n, r, "'cap_add'") }),
        Of("cap_drop", "list", "", static (s, n, r) => s with { CapDrop = ServiceValues.Capabilities(n, r, "'cap_drop'") }),
        Of("privileged", "boolean", "as far as `policy.privileged` allows", static (s, n, r) => s with { Privileged = r.Boolean(n, "'privileged'") }),
        Of("security_opt", "list", "`no-new-privileges` always; others as far as `policy.security_options` allows", static (s, n, r) => s with { SecurityOptions = r.Texts(n, "'security_opt'") }),
        Of("read_only", "boolean", "", static (s, n, r) => s with { ReadOnly = r.Boolean(n, "'read_only'") }),
        Of("sysctls", "mapping or list", "those of the container's own namespaces", static (s, n, r) => s with { Sysctls = r.Pairs(n, "'sysctls'", true) }),
        Of("ulimits", "mapping", "", static (s, n, r) => s with { Ulimits = LimitReader.Ulimits(n, r) }),
        Of("shm_size", "size", "", static (s, n, r) => s with { ShmSize = r.Bytes(n, "'shm_size'") }),
        Of("init", "boolean", "", static (s, n, r) => s with { Init = r.Boolean(n, "'init'") }),
        Of("tty", "boolean", "", static (s, n, r) => s with { Tty = r.Boolean(n, "'tty'") }),
        Of("stdin_open", "boolean", "", static (s, n, r) => s with { StdinOpen = r.Boolean(n, "'stdin_open'") }),
        Of("stop_signal", "string", "", static (s, n, r) => s with { StopSignal = r.Word(n, "'stop_signal'") }),
        Of("stop_grace_period", "duration", "whole seconds, rounded up", static (s, n, r) => s with { StopGracePeriod = r.Duration(n, "'stop_grace_period'") }),
        Of("logging", "mapping", "driver, options; json-file, local, journald, none", static (s, n, r) => s with { Logging = ServiceValues.Logging(n, r) }),
        Of("pid", "`host`, `service:<name>`", "`host` as far as `policy.host_namespaces` allows; `service:` as with `network_mode`", static (s, n, r) => s with { Pid = ServiceValues.Namespace(n, r, "'pid'", "host") }),
        Of("ipc", "`host`, `private`, `shareable`, `none`, `service:<name>`", "`host` as far as `policy.host_namespaces` allows; `service:` as with `network_mode`, of a service that is `shareable`", static (s, n, r) => s with { Ipc = ServiceValues.Namespace(n, r, "'ipc'", "host", "private", "shareable", "none") }),
        Of("uts", "`host`", "as far as `policy.host_namespaces` allows", static (s, n, r) => s with { Uts = ServiceValues.OneOf(n, r, "'uts'", "host") }),
        Of("userns_mode", "`host`", "as far as `policy.host_namespaces` allows", static (s, n, r) => s with { UserNamespace = ServiceValues.OneOf(n, r, "'userns_mode'", "host") }),
        Of("cgroup", "`host`, `private`", "`host` as far as `policy.host_namespaces` allows", static (s, n, r) => s with { CgroupNamespace = ServiceValues.OneOf(n, r, "'cgroup'", "host", "private") }),
        Of("mem_limit", "size", "", static (s, n, r) => LimitReader.Set(s, n, r, "mem_limit", r.Bytes(n, "'mem_limit'"), l => l.Memory, static (l, v) => l with { Memory = v })),
        Of("mem_reservation", "size", "", static (s, n, r) => LimitReader.Set(s, n, r, "mem_reservation", r.Bytes(n, "'mem_reservation'"), l => l.MemoryReservation, static (l, v) => l with { MemoryReservation = v })),
        Of("memswap_limit", "size or -1", "", static (s, n, r) => LimitReader.Set(s, n, r, "memswap_limit", LimitReader.Swap(n, r), l => l.MemorySwap, static (l, v) => l with { MemorySwap = v })),
        Of("cpus", "number", "", static (s, n, r) => LimitReader.Set(s, n, r, "cpus", LimitReader.Cpus(n, r), l => l.NanoCpus, static (l, v) => l with { NanoCpus = v })),
        Of("cpuset", "string", "", static (s, n, r) => s with { Limits = s.Limits with { CpuSet = r.Word(n, "'cpuset'") } }),
        Of("cpu_shares", "integer", "", static (s, n, r) => s with { Limits = s.Limits with { CpuShares = r.Integer(n, "'cpu_shares'", 2, 262_144) } }),
        Of("pids_limit", "integer", "-1: no limit", static (s, n, r) => LimitReader.Set(s, n, r, "pids_limit", r.Integer(n, "'pids_limit'", -1, 4_194_304), l => l.Pids, static (l, v) => l with { Pids = v })),
        Of("oom_score_adj", "integer", "below 0 as far as `policy.privileged` allows", static (s, n, r) => s with { Limits = s.Limits with { OomScoreAdjustment = (int?)r.Integer(n, "'oom_score_adj'", -1000, 1000) } }),
        Of("cpu_period", "microseconds", "", static (s, n, r) => s with { Limits = s.Limits with { CpuPeriod = r.Integer(n, "'cpu_period'", 1000, 1_000_000) } }),
        Of("cpu_quota", "microseconds", "-1: no limit", static (s, n, r) => s with { Limits = s.Limits with { CpuQuota = r.Integer(n, "'cpu_quota'", -1, int.MaxValue) } }),
        Of("cpu_rt_period", "microseconds", "as far as `policy.privileged` allows", static (s, n, r) => s with { Limits = s.Limits with { CpuRealtimePeriod = LimitReader.Microseconds(n, r, "'cpu_rt_period'") } }),
        Of("cpu_rt_runtime", "microseconds", "as far as `policy.privileged` allows", static (s, n, r) => s with { Limits = s.Limits with { CpuRealtimeRuntime = LimitReader.Microseconds(n, r, "'cpu_rt_runtime'") } }),
        Of("mem_swappiness", "0 to 100", "", static (s, n, r) => s with { Limits = s.Limits with { MemorySwappiness = r.Integer(n, "'mem_swappiness'", 0, 100) } }),
        Of("oom_kill_disable", "boolean", "as far as `policy.privileged` allows", static (s, n, r) => s with { Limits = s.Limits with { OomKillDisable = r.Boolean(n, "'oom_kill_disable'") } }),
        Of("blkio_config", "mapping", "weight, weight_device, device_read_bps, device_read_iops, device_write_bps, device_write_iops", static (s, n, r) => s with { Limits = s.Limits with { BlockIo = BlockIoReader.Read(n, r) } }),
        Of("storage_opt", "mapping", "`size`; the engine's storage driver must know it", static (s, n, r) => s with { StorageOptions = r.Pairs(n, "'storage_opt'", true) }),
        Of("runtime", "name", "others than `runc` as far as `policy.privileged` allows", static (s, n, r) => s with { Runtime = r.Word(n, "'runtime'") }),
        Of("cgroup_parent", "name", "as far as `policy.privileged` allows", static (s, n, r) => s with { CgroupParent = r.Word(n, "'cgroup_parent'") }),
        Of("annotations", "mapping or list", "as far as `policy.privileged` allows, as a runtime may widen privilege by them; engines before API 1.43 know none", static (s, n, r) => s with { Annotations = r.Pairs(n, "'annotations'", false) }),
        Of("pull_policy", "`missing`, `always`, `never`", "`if_not_present` is `missing`; an image named by digest is pulled once whatever it says", static (s, n, r) => s with { PullPolicy = ServiceValues.Pull(n, r) ?? s.PullPolicy }),
        Of("scale", "1", "one container for each service", static (s, n, r) => ServiceValues.Scale(s, n, r)),
        Of("deploy", "mapping", "`resources.limits` (cpus, memory, pids), `resources.reservations` (memory, devices), `replicas: 1`, `update_config.order` (`stop-first`, `start-first`), `restart_policy` (condition, max_attempts); the rest is ignored with a warning", static (s, n, r) => DeployReader.Read(s, n, r)),
        Of("x-restart-unhealthy", "boolean", "`false`: the supervisor does not restart the container when its health check fails", static (s, n, r) => s with { RestartUnhealthy = r.Boolean(n, "'x-restart-unhealthy'") ?? s.RestartUnhealthy }),
        Of("x-gateway-api", "boolean", "`true`: the supervisor's local interface at `/run/gateway`", static (s, n, r) => s with { LocalApi = r.Boolean(n, "'x-gateway-api'") ?? s.LocalApi }),
        Of("x-create-options", "mapping", "an Engine create body, merged under the rest: mappings key by key, lists joined; judged by the local policy", static (s, n, r) => s with { CreateOptions = CreateOptionsReader.Read(n, r) }),
        .. Ignores,
        .. Refusals,
    ];

    private static readonly FrozenDictionary<string, ServiceKey> ByName = All.ToFrozenDictionary(key => key.Name, StringComparer.Ordinal);

    private static IEnumerable<ServiceKey> Ignores =>
    [
        Nothing("profiles", "every service runs"),
        Nothing("platform", "the digest says which image it is; without one the engine takes its own platform"),
        Nothing("attach", "nothing is attached to a gateway's containers"),
        Nothing("develop", "it is for a developer's machine"),
    ];

    private static IEnumerable<ServiceKey> Refusals =>
    [
        No("build", "images are built elsewhere and named by digest"),
        No("extends", "a document stands alone; use YAML anchors"),
        No("label_file", "a document stands alone; write 'labels'"),
        No("external_links", "share a network"),
        No("isolation", "it is Windows'"),
        No("credential_spec", "it is Windows'"),
        No("cpu_count", "it is Windows'; write 'cpus'"),
        No("cpu_percent", "it is Windows'; write 'cpus'"),
        No("post_start", "let the container's own entrypoint do it"),
        No("pre_stop", "let the container's own entrypoint do it on its stop signal"),
        No("use_api_socket", "it gives the engine away; for the supervisor's local interface write 'x-gateway-api: true'"),
        No("provider", "a gateway runs containers alone"),
        No("models", "a gateway runs containers alone; write the model's server as a service"),
    ];

    /// <summary>The key of that name, or null.</summary>
    internal static ServiceKey? Find(string name) => ByName.GetValueOrDefault(name);

    /// <summary>The table of the documentation, in Markdown.</summary>
    public static string Table() => string.Concat(
        All.Select(key => $"| `{key.Name}` | {(key.Support == Refused ? "refused" : key.Support == Ignored ? "ignored, with a warning" : key.Form)} | {key.Note} |\n")
            .Prepend("|---|---|---|\n")
            .Prepend("| key | form | note |\n"));

    private static ServiceKey Of(string name, string form, string note, Func<Service, YamlNode, Reading, Service> read) => new(name, Applied, form, note) { Read = read };

    private static ServiceKey Nothing(string name, string why) => new(name, Ignored, "", why);

    private static ServiceKey No(string name, string why) => new(name, Refused, "", why);
}
