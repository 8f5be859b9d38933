using System.Text.Json.Nodes;

namespace Gateway.Core.Engine;

/// <summary>Answer of <c>GET /containers/{id}/json</c>, the part that is used.</summary>
public sealed record ContainerDetails
{
    public string Id { get => field ?? ""; init; }

    /// <summary>Without the engine's leading <c>/</c>.</summary>
    public string Name { get => (field ?? "").TrimStart('/'); init; }

    public DateTimeOffset Created { get; init; }

    /// <summary>The image's id, <c>sha256:…</c>; the reference is in <see cref="ContainerConfig.Image"/>.</summary>
    public string Image { get => field ?? ""; init; }

    /// <summary>How often the engine restarted it by its restart policy.</summary>
    public int RestartCount { get; init; }

    public ContainerState State { get => field ?? new(); init; }

    public ContainerConfig Config { get => field ?? new(); init; }

    public ContainerHostConfig HostConfig { get => field ?? new(); init; }

    public ContainerNetworkSettings NetworkSettings { get => field ?? new(); init; }

    public IReadOnlyList<ContainerMount> Mounts { get => field ?? []; init; }
}

/// <summary>What a container does at the moment.</summary>
public sealed record ContainerState
{
    /// <summary><c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c>, <c>dead</c>.</summary>
    public string Status { get => field ?? ""; init; }

    public bool Running { get; init; }

    public bool Paused { get; init; }

    public bool Restarting { get; init; }

    public bool OOMKilled { get; init; }

    public bool Dead { get; init; }

    public int Pid { get; init; }

    public int ExitCode { get; init; }

    /// <summary>Why it could not be started; empty mostly.</summary>
    public string Error { get => field ?? ""; init; }

    /// <summary>The year 1 if never.</summary>
    public DateTimeOffset StartedAt { get; init; }

    /// <summary>The year 1 if never.</summary>
    public DateTimeOffset FinishedAt { get; init; }

    /// <summary>Absent without a health check.</summary>
    public ContainerHealth? Health { get; init; }
}

/// <summary>What the health check found.</summary>
public sealed record ContainerHealth
{
    /// <summary><c>none</c>, <c>starting</c>, <c>healthy</c>, <c>unhealthy</c>.</summary>
    public string Status { get => field ?? ""; init; }

    public int FailingStreak { get; init; }

    /// <summary>The last five probes, oldest first.</summary>
    public IReadOnlyList<HealthProbe> Log { get => field ?? []; init; }
}

/// <summary>One run of the health check.</summary>
public sealed record HealthProbe
{
    public DateTimeOffset Start { get; init; }

    public DateTimeOffset End { get; init; }

    /// <summary>0 healthy, 1 unhealthy, 2 starting, others: could not be run.</summary>
    public int ExitCode { get; init; }

    public string Output { get => field ?? ""; init; }
}

/// <summary>How a container was made, as far as the image and the create body say.</summary>
public sealed record ContainerConfig
{
    /// <summary>The reference the container was created from.</summary>
    public string Image { get => field ?? ""; init; }

    public string Hostname { get => field ?? ""; init; }

    public string User { get => field ?? ""; init; }

    public string WorkingDir { get => field ?? ""; init; }

    /// <summary>Whether it has a terminal; then its two output streams are one.</summary>
    public bool Tty { get; init; }

    /// <summary><c>NAME=value</c>, the image's included.</summary>
    public IReadOnlyList<string> Env { get => field ?? []; init; }

    public IReadOnlyList<string> Cmd { get => field ?? []; init; }

    public IReadOnlyList<string> Entrypoint { get => field ?? []; init; }

    /// <summary>The image's included.</summary>
    public IReadOnlyDictionary<string, string> Labels { get => field ?? EngineJson.NoLabels; init; }

    /// <summary>The image's, unless the create body had one.</summary>
    public HealthcheckSpec? Healthcheck { get; init; }
}

/// <summary>The host's side of how a container was made.</summary>
public sealed record ContainerHostConfig
{
    /// <summary>A network's name, <c>host</c>, …; <c>container:</c> and the id of the one whose network it is in.</summary>
    public string NetworkMode { get => field ?? ""; init; }

    /// <summary>As <see cref="NetworkMode"/>, of processes.</summary>
    public string PidMode { get => field ?? ""; init; }

    /// <summary>As <see cref="NetworkMode"/>, of System V and POSIX memory and queues.</summary>
    public string IpcMode { get => field ?? ""; init; }

    public IReadOnlyList<string> Binds { get => field ?? []; init; }

    public RestartPolicySpec RestartPolicy { get => field ?? new(); init; }

    public bool Privileged { get; init; }

    /// <summary>Bytes; 0 is no limit.</summary>
    public long Memory { get; init; }

    /// <summary>Billionths of a processor; 0 is no limit.</summary>
    public long NanoCpus { get; init; }

    /// <summary>0 is the default weight.</summary>
    public long CpuShares { get; init; }

    /// <summary>Processors such as <c>0-1</c>; empty: all.</summary>
    public string CpusetCpus { get => field ?? ""; init; }

    /// <summary>Null, 0 and below: no limit.</summary>
    public long? PidsLimit { get; init; }

    public IReadOnlyList<DeviceSpec> Devices { get => field ?? []; init; }
}

/// <summary>The networks a container is in.</summary>
public sealed record ContainerNetworkSettings
{
    /// <summary>By the network's name.</summary>
    public IReadOnlyDictionary<string, ContainerEndpoint> Networks { get => field ?? EngineJson.NoEndpoints; init; }

    /// <summary>Published ports as the engine tells them: <c>{"80/tcp":[{"HostIp":"0.0.0.0","HostPort":"8080"}]}</c>.</summary>
    public JsonObject? Ports { get; init; }
}

/// <summary>A container's place in one network.</summary>
public sealed record ContainerEndpoint
{
    public string NetworkID { get => field ?? ""; init; }

    public string IPAddress { get => field ?? ""; init; }

    public IReadOnlyList<string> Aliases { get => field ?? []; init; }
}

/// <summary>Something mounted into a container.</summary>
public sealed record ContainerMount
{
    /// <summary><c>bind</c>, <c>volume</c>, <c>tmpfs</c>.</summary>
    public string Type { get => field ?? ""; init; }

    /// <summary>The volume's name.</summary>
    public string Name { get => field ?? ""; init; }

    public string Source { get => field ?? ""; init; }

    public string Destination { get => field ?? ""; init; }

    public bool RW { get; init; }
}
