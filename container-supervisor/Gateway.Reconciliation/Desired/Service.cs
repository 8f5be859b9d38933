using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gateway.Core.Reports;

namespace Gateway.Reconciliation.Desired;

/// <summary>One container of an application, in Compose vocabulary (compose-spec/05-services.md). Null or empty means: not given.</summary>
public sealed record Service
{
    public required string Name { get; init; }

    /// <summary>Name of the container: <c>&lt;application&gt;-&lt;service&gt;</c> unless <c>container_name</c> is given.</summary>
    public required string ContainerName { get; init; }

    public required ImageReference Image { get; init; }

    /// <summary>Where the service stands.</summary>
    public required Position At { get; init; }

    /// <summary>Null: the image's; empty: cleared.</summary>
    public ImmutableArray<string>? Command { get; init; }

    /// <summary>Null: the image's; empty: cleared.</summary>
    public ImmutableArray<string>? Entrypoint { get; init; }

    /// <summary>A null value unsets what the image sets.</summary>
    public ImmutableSortedDictionary<string, string?> Environment { get; init; } = ImmutableSortedDictionary<string, string?>.Empty;

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableArray<VolumeMount> Volumes { get; init; } = [];

    public ImmutableArray<PortMapping> Ports { get; init; } = [];

    /// <summary>Container ports such as <c>80/tcp</c>.</summary>
    public ImmutableArray<string> Expose { get; init; } = [];

    public ImmutableArray<DeviceMapping> Devices { get; init; } = [];

    /// <summary>From <c>gpus</c> and <c>deploy.resources.reservations.devices</c>.</summary>
    public ImmutableArray<DeviceRequest> DeviceRequests { get; init; } = [];

    /// <summary>Such as <c>c 188:* rwm</c>.</summary>
    public ImmutableArray<string> DeviceCgroupRules { get; init; } = [];

    /// <summary>Empty with a <see cref="NetworkMode"/>; otherwise at least one.</summary>
    public ImmutableArray<NetworkAttachment> Networks { get; init; } = [];

    /// <summary><c>host</c>, <c>none</c>, <c>bridge</c> or <c>service:&lt;name&gt;</c>; null: <see cref="Networks"/>.</summary>
    public string? NetworkMode { get; init; }

    public ImmutableArray<Link> Links { get; init; } = [];

    /// <summary>As the engine takes them: <c>name:address</c>.</summary>
    public ImmutableArray<string> ExtraHosts { get; init; } = [];

    public ImmutableArray<string> Dns { get; init; } = [];

    public ImmutableArray<string> DnsSearch { get; init; } = [];

    public ImmutableArray<string> DnsOptions { get; init; } = [];

    /// <summary>From <c>depends_on</c> and <c>links</c>.</summary>
    public ImmutableArray<Dependency> DependsOn { get; init; } = [];

    public HealthCheck? HealthCheck { get; init; }

    public RestartPolicy? Restart { get; init; }

    /// <summary>From <c>deploy.restart_policy</c>, until it has become <see cref="Restart"/>.</summary>
    internal RestartPolicy? DeployRestart { get; init; }

    public string? User { get; init; }

    public ImmutableArray<string> GroupAdd { get; init; } = [];

    public string? WorkingDirectory { get; init; }

    public string? Hostname { get; init; }

    public string? DomainName { get; init; }

    public string? MacAddress { get; init; }

    /// <summary>Upper case, without <c>CAP_</c>.</summary>
    public ImmutableArray<string> CapAdd { get; init; } = [];

    /// <summary>Upper case, without <c>CAP_</c>.</summary>
    public ImmutableArray<string> CapDrop { get; init; } = [];

    public bool? Privileged { get; init; }

    public ImmutableArray<string> SecurityOptions { get; init; } = [];

    public bool? ReadOnly { get; init; }

    /// <summary>Target to mount options.</summary>
    public ImmutableSortedDictionary<string, string> Tmpfs { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableSortedDictionary<string, string> Sysctls { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableArray<Ulimit> Ulimits { get; init; } = [];

    /// <summary>Bytes.</summary>
    public long? ShmSize { get; init; }

    public bool? Init { get; init; }

    public bool? Tty { get; init; }

    public bool? StdinOpen { get; init; }

    public string? StopSignal { get; init; }

    public TimeSpan? StopGracePeriod { get; init; }

    public Logging? Logging { get; init; }

    /// <summary><c>host</c> or <c>service:&lt;name&gt;</c>.</summary>
    public string? Pid { get; init; }

    /// <summary><c>host</c>, <c>private</c>, <c>shareable</c>, <c>none</c> or <c>service:&lt;name&gt;</c>.</summary>
    public string? Ipc { get; init; }

    public string? Uts { get; init; }

    public string? UserNamespace { get; init; }

    public string? CgroupNamespace { get; init; }

    public string? Runtime { get; init; }

    public string? CgroupParent { get; init; }

    /// <summary>For the runtime; engines before API 1.43 know none.</summary>
    public ImmutableSortedDictionary<string, string> Annotations { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ImmutableSortedDictionary<string, string> StorageOptions { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public ResourceLimits Limits { get; init; } = new();

    /// <summary>Small files that stand in the document itself (secrets, configs), mounted read-only.</summary>
    public ImmutableArray<InlineFile> Files { get; init; } = [];

    /// <summary>Of <c>secrets</c> and <c>configs</c>, until they have become <see cref="Files"/>.</summary>
    internal ImmutableArray<FileUse> FileUses { get; init; } = [];

    /// <summary>Of <c>volumes_from</c>, until they have become <see cref="Volumes"/>.</summary>
    internal ImmutableArray<VolumesOf> VolumesFrom { get; init; } = [];

    /// <summary>From <c>deploy.update_config.order</c>.</summary>
    public UpdateOrder UpdateOrder { get; init; }

    /// <summary>Whether the supervisor restarts the container when its health check says unhealthy; <c>x-restart-unhealthy</c>.</summary>
    public bool RestartUnhealthy { get; init; } = true;

    /// <summary>When the image is pulled.</summary>
    public PullPolicy PullPolicy { get; init; }

    /// <summary>Whether the container is given the supervisor's local interface; <c>x-gateway-api</c>.</summary>
    public bool LocalApi { get; init; }

    /// <summary><c>x-create-options</c>: an Engine create body merged under the rest; null when not given.</summary>
    public JsonObject? CreateOptions { get; init; }

    /// <summary>Other <c>x-*</c> keys, by name, as JSON text.</summary>
    public ImmutableSortedDictionary<string, string> Extensions { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}
