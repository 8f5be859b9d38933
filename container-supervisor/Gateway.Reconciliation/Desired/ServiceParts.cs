using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.Reconciliation.Desired;

/// <summary>What kind of thing is mounted.</summary>
public enum MountKind
{
    /// <summary>A named or, without source, an anonymous volume.</summary>
    Volume,

    /// <summary>A path of the host.</summary>
    Bind,

    /// <summary>Memory.</summary>
    Tmpfs,
}

/// <summary>Something mounted into a container.</summary>
/// <param name="Kind">What.</param>
/// <param name="Source">A key of the application's <c>volumes</c>, a normalised host path, or null (anonymous volume, tmpfs).</param>
/// <param name="Target">Absolute path in the container.</param>
/// <param name="ReadOnly">Whether it cannot be written.</param>
/// <param name="At">Where it stands.</param>
public sealed record VolumeMount(MountKind Kind, string? Source, string Target, bool ReadOnly, Position At)
{
    /// <summary>Bind: whether the engine makes a missing host folder (it does in the short form).</summary>
    public bool CreateHostPath { get; init; } = true;

    /// <summary>Bind: mount propagation, or null for the default.</summary>
    public string? Propagation { get; init; }

    /// <summary>SELinux relabelling, <c>z</c> or <c>Z</c>.</summary>
    public string? SelinuxLabel { get; init; }

    /// <summary>Volume: whether the image's content is not copied into an empty volume.</summary>
    public bool NoCopy { get; init; }

    /// <summary>Tmpfs: size in bytes.</summary>
    public long? TmpfsSize { get; init; }

    /// <summary>Tmpfs: permission bits.</summary>
    public int? TmpfsMode { get; init; }
}

/// <summary>One published port.</summary>
/// <param name="HostIp">Address of the host, or null for all.</param>
/// <param name="Published">Port of the host, a range <c>8000-8010</c>, or null for one the engine chooses.</param>
/// <param name="Target">Port in the container.</param>
/// <param name="Protocol"><c>tcp</c>, <c>udp</c> or <c>sctp</c>.</param>
public sealed record PortMapping(string? HostIp, string? Published, int Target, string Protocol);

/// <summary>A device of the host given to a container.</summary>
/// <param name="Source">As given: alternatives parted by <c>|</c>, each may hold <c>*</c> and <c>?</c>; the first that exists is taken. All lie below <c>/dev/</c>.</param>
/// <param name="Target">Path in the container; null when not given: the path that was found.</param>
/// <param name="Permissions">Of <c>rwm</c>.</param>
/// <param name="At">Where it stands.</param>
public sealed record DeviceMapping(string Source, string? Target, string Permissions, Position At)
{
    /// <summary>The alternatives in the order of preference, normalised.</summary>
    public ImmutableArray<string> Alternatives => [.. Source.Split('|')];
}

/// <summary>A service on a network.</summary>
/// <param name="Network">Key of the application's <c>networks</c>.</param>
/// <param name="Aliases">Names besides the service's and the container's.</param>
/// <param name="Ipv4">A fixed address, or null.</param>
/// <param name="Ipv6">A fixed address, or null.</param>
public sealed record NetworkAttachment(string Network, ImmutableArray<string> Aliases, string? Ipv4, string? Ipv6)
{
    /// <summary>Link-local addresses besides.</summary>
    public ImmutableArray<string> LinkLocal { get; init; } = [];
}

/// <summary>Another service of the application under a name of one's own.</summary>
public sealed record Link(string Service, string Alias);

/// <summary>What must be so of another service before this one starts.</summary>
public enum DependencyCondition
{
    /// <summary>It runs.</summary>
    Started,

    /// <summary>Its health check passes.</summary>
    Healthy,

    /// <summary>It ended with exit code 0.</summary>
    CompletedSuccessfully,
}

/// <summary>One entry of <c>depends_on</c>.</summary>
/// <param name="Service">The other service.</param>
/// <param name="Condition">What must be so of it.</param>
/// <param name="Restart">Whether this one restarts after the other was replaced.</param>
/// <param name="Required">Whether the other must exist.</param>
public sealed record Dependency(string Service, DependencyCondition Condition, bool Restart, bool Required);

/// <summary>A health check. Null: the image's value.</summary>
/// <param name="Disabled">Whether the image's own check is switched off.</param>
/// <param name="Test"><c>CMD …</c> or <c>CMD-SHELL …</c>; null: the image's.</param>
public sealed record HealthCheck(bool Disabled, ImmutableArray<string>? Test)
{
    public TimeSpan? Interval { get; init; }

    public TimeSpan? Timeout { get; init; }

    public TimeSpan? StartPeriod { get; init; }

    /// <summary>Between checks during <see cref="StartPeriod"/>; engines before API 1.44 keep to <see cref="Interval"/>.</summary>
    public TimeSpan? StartInterval { get; init; }

    public int? Retries { get; init; }
}

/// <summary>Devices the engine finds by what they can do (GPUs).</summary>
/// <param name="Driver">The driver, or null for any.</param>
/// <param name="Count">How many; -1: all; 0 with <paramref name="Ids"/>.</param>
/// <param name="Ids">Which ones.</param>
/// <param name="Capabilities">What they must be able to do, such as <c>gpu</c>.</param>
/// <param name="Options">The driver's options.</param>
public sealed record DeviceRequest(
    string? Driver, int Count, ImmutableArray<string> Ids, ImmutableArray<string> Capabilities, ImmutableSortedDictionary<string, string> Options);

/// <summary>How a container's block devices are throttled.</summary>
/// <param name="Weight">Relative weight, 10 to 1000, or null.</param>
/// <param name="Rates">Limits of single devices.</param>
public sealed record BlockIo(long? Weight, ImmutableArray<BlockIoRate> Rates);

/// <summary>A limit of one block device.</summary>
/// <param name="List">The Engine's list it stands in: <c>BlkioDeviceReadBps</c> …</param>
/// <param name="Member">What the figure is called there: <c>Rate</c> or <c>Weight</c>.</param>
/// <param name="Path">The device, below <c>/dev/</c>.</param>
/// <param name="Value">Bytes or operations a second, or the weight.</param>
public sealed record BlockIoRate(string List, string Member, string Path, long Value);

/// <summary>When the engine starts a container again.</summary>
/// <param name="Name"><c>no</c>, <c>on-failure</c>, <c>always</c> or <c>unless-stopped</c>.</param>
/// <param name="MaximumRetries">With <c>on-failure</c>; 0: without end.</param>
public sealed record RestartPolicy(string Name, int MaximumRetries = 0);

/// <summary>A limit of setrlimit(2).</summary>
public sealed record Ulimit(string Name, long Soft, long Hard);

/// <summary>A log driver with its options.</summary>
public sealed record Logging(string? Driver, ImmutableSortedDictionary<string, string> Options);

/// <summary>What a container may use; null: no limit.</summary>
public sealed record ResourceLimits
{
    /// <summary>Bytes.</summary>
    public long? Memory { get; init; }

    /// <summary>Bytes.</summary>
    public long? MemoryReservation { get; init; }

    /// <summary>Bytes of memory and swap together; -1: without limit.</summary>
    public long? MemorySwap { get; init; }

    /// <summary>Billionths of a processor.</summary>
    public long? NanoCpus { get; init; }

    /// <summary>Microseconds.</summary>
    public long? CpuPeriod { get; init; }

    /// <summary>Microseconds of each <see cref="CpuPeriod"/>; -1: without limit.</summary>
    public long? CpuQuota { get; init; }

    /// <summary>Microseconds.</summary>
    public long? CpuRealtimePeriod { get; init; }

    /// <summary>Microseconds.</summary>
    public long? CpuRealtimeRuntime { get; init; }

    public string? CpuSet { get; init; }

    public long? CpuShares { get; init; }

    public long? Pids { get; init; }

    public int? OomScoreAdjustment { get; init; }

    public bool? OomKillDisable { get; init; }

    /// <summary>0 to 100.</summary>
    public long? MemorySwappiness { get; init; }

    public BlockIo? BlockIo { get; init; }
}
