namespace Gateway.Core.Engine;

/// <summary><c>HostConfig</c> of a create body: what of the host the container gets. What is null is left out.</summary>
public sealed record HostConfigSpec
{
    /// <summary><c>source:target[:options]</c>, the source a folder or a volume's name.</summary>
    public IReadOnlyList<string>? Binds { get; init; }

    public IReadOnlyList<MountSpec>? Mounts { get; init; }

    /// <summary><c>80/tcp</c> → where on the host.</summary>
    public IReadOnlyDictionary<string, IReadOnlyList<PortBindingSpec>>? PortBindings { get; init; }

    public RestartPolicySpec? RestartPolicy { get; init; }

    /// <summary><c>bridge</c>, <c>host</c>, <c>none</c>, <c>container:…</c> or a network's name.</summary>
    public string? NetworkMode { get; init; }

    public IReadOnlyList<DeviceSpec>? Devices { get; init; }

    public IReadOnlyList<string>? DeviceCgroupRules { get; init; }

    public IReadOnlyList<string>? CapAdd { get; init; }

    public IReadOnlyList<string>? CapDrop { get; init; }

    public bool? Privileged { get; init; }

    public IReadOnlyList<string>? SecurityOpt { get; init; }

    public bool? ReadonlyRootfs { get; init; }

    /// <summary>Folder in the container → mount options.</summary>
    public IReadOnlyDictionary<string, string>? Tmpfs { get; init; }

    public IReadOnlyDictionary<string, string>? Sysctls { get; init; }

    public IReadOnlyList<UlimitSpec>? Ulimits { get; init; }

    /// <summary>Bytes of <c>/dev/shm</c>.</summary>
    public long? ShmSize { get; init; }

    /// <summary>Whether a small init reaps the container's processes.</summary>
    public bool? Init { get; init; }

    public LogConfigSpec? LogConfig { get; init; }

    public string? PidMode { get; init; }

    public string? IpcMode { get; init; }

    public string? UTSMode { get; init; }

    public string? UsernsMode { get; init; }

    public string? CgroupParent { get; init; }

    /// <summary>Bytes.</summary>
    public long? Memory { get; init; }

    /// <summary>Bytes.</summary>
    public long? MemoryReservation { get; init; }

    /// <summary>Bytes, memory included; −1 is without limit.</summary>
    public long? MemorySwap { get; init; }

    /// <summary>Billionths of a CPU.</summary>
    public long? NanoCpus { get; init; }

    public long? CpuShares { get; init; }

    public string? CpusetCpus { get; init; }

    public long? PidsLimit { get; init; }

    public bool? OomKillDisable { get; init; }

    /// <summary>−1000 to 1000.</summary>
    public int? OomScoreAdj { get; init; }

    /// <summary><c>name:address</c>.</summary>
    public IReadOnlyList<string>? ExtraHosts { get; init; }

    public IReadOnlyList<string>? Dns { get; init; }

    public IReadOnlyList<string>? DnsSearch { get; init; }

    public IReadOnlyList<string>? DnsOptions { get; init; }

    /// <summary><c>container:alias</c>, on the default bridge only.</summary>
    public IReadOnlyList<string>? Links { get; init; }

    public IReadOnlyList<string>? GroupAdd { get; init; }

    public IReadOnlyList<string>? VolumesFrom { get; init; }

    public bool? AutoRemove { get; init; }
}

/// <summary>A mount in its long form.</summary>
public sealed record MountSpec
{
    /// <summary><c>bind</c>, <c>volume</c> or <c>tmpfs</c>.</summary>
    public required string Type { get; init; }

    /// <summary>Folder, volume's name, or null for a tmpfs.</summary>
    public string? Source { get; init; }

    public required string Target { get; init; }

    public bool? ReadOnly { get; init; }

    public BindOptionsSpec? BindOptions { get; init; }

    public TmpfsOptionsSpec? TmpfsOptions { get; init; }
}

/// <summary>How a bind mount behaves.</summary>
public sealed record BindOptionsSpec
{
    /// <summary><c>private</c>, <c>rprivate</c>, <c>shared</c>, <c>rshared</c>, <c>slave</c>, <c>rslave</c>.</summary>
    public string? Propagation { get; init; }
}

/// <summary>How big a tmpfs may grow.</summary>
public sealed record TmpfsOptionsSpec
{
    public long? SizeBytes { get; init; }

    /// <summary>Mode bits, as a decimal number.</summary>
    public int? Mode { get; init; }
}

/// <summary>Where on the host a port appears.</summary>
public sealed record PortBindingSpec
{
    public string? HostIp { get; init; }

    /// <summary>A port or a range as text; empty lets the engine choose.</summary>
    public string? HostPort { get; init; }
}

/// <summary>A device of the host.</summary>
public sealed record DeviceSpec
{
    public string PathOnHost { get => field ?? ""; init; }

    public string PathInContainer { get => field ?? ""; init; }

    /// <summary>Of <c>r</c>, <c>w</c>, <c>m</c>.</summary>
    public string CgroupPermissions { get => field ?? "rwm"; init; }
}

/// <summary>A resource limit.</summary>
public sealed record UlimitSpec(string Name, long Soft, long Hard);

/// <summary>Where the container's output goes.</summary>
public sealed record LogConfigSpec(string Type, IReadOnlyDictionary<string, string>? Config = null);
