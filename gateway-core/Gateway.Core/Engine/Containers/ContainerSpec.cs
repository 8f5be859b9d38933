using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Core.Engine;

/// <summary>
/// Body of <c>POST /containers/create</c> with the Engine's names, as far as the Compose vocabulary reaches. What is null is left out,
/// which leaves it to the image or the engine. Options beyond it: <see cref="ToJson"/>, then <see cref="Json.JsonMerge"/>.
/// </summary>
public sealed record ContainerSpec
{
    public required string Image { get; init; }

    public IReadOnlyList<string>? Cmd { get; init; }

    public IReadOnlyList<string>? Entrypoint { get; init; }

    /// <summary><c>NAME=value</c>; <c>NAME</c> alone removes the image's.</summary>
    public IReadOnlyList<string>? Env { get; init; }

    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    public string? User { get; init; }

    public string? WorkingDir { get; init; }

    public string? Hostname { get; init; }

    public string? Domainname { get; init; }

    public bool? Tty { get; init; }

    public bool? OpenStdin { get; init; }

    public HealthcheckSpec? Healthcheck { get; init; }

    public string? StopSignal { get; init; }

    /// <summary>Seconds between the stop signal and the kill.</summary>
    public int? StopTimeout { get; init; }

    /// <summary><c>80/tcp</c> → empty object.</summary>
    public IReadOnlyDictionary<string, EmptySpec>? ExposedPorts { get; init; }

    /// <summary>Anonymous volumes: folder in the container → empty object.</summary>
    public IReadOnlyDictionary<string, EmptySpec>? Volumes { get; init; }

    public HostConfigSpec? HostConfig { get; init; }

    /// <summary>One network at most before API 1.44; further ones by <c>NetworkApi.ConnectAsync</c> before the start.</summary>
    public NetworkingSpec? NetworkingConfig { get; init; }

    /// <summary>The body as the engine takes it.</summary>
    public JsonObject ToJson() => JsonSerializer.SerializeToNode(this, EngineJson.Default.ContainerSpec)!.AsObject();
}

/// <summary>The Engine's <c>{}</c>.</summary>
public sealed record EmptySpec;

/// <summary>A health check; durations are nanoseconds, 0 means inherit.</summary>
public sealed record HealthcheckSpec
{
    /// <summary><c>["NONE"]</c>, <c>["CMD", program, …]</c> or <c>["CMD-SHELL", line]</c>; empty inherits the image's.</summary>
    public IReadOnlyList<string>? Test { get; init; }

    public long? Interval { get; init; }

    public long? Timeout { get; init; }

    public int? Retries { get; init; }

    public long? StartPeriod { get; init; }

    /// <summary>From API 1.44 on.</summary>
    public long? StartInterval { get; init; }
}

/// <summary>When the engine restarts the container by itself.</summary>
public sealed record RestartPolicySpec
{
    /// <summary><c>no</c>, <c>always</c>, <c>unless-stopped</c>, <c>on-failure</c>.</summary>
    public string Name { get => field ?? ""; init; }

    public int MaximumRetryCount { get; init; }
}

/// <summary>Which networks the new container is in, by the network's name.</summary>
public sealed record NetworkingSpec(IReadOnlyDictionary<string, EndpointSpec> EndpointsConfig);

/// <summary>A container's place in a network.</summary>
public sealed record EndpointSpec
{
    /// <summary>Names under which the others in the network find it.</summary>
    public IReadOnlyList<string>? Aliases { get; init; }

    /// <summary><c>container</c> or <c>container:alias</c>.</summary>
    public IReadOnlyList<string>? Links { get; init; }

    public EndpointAddressSpec? IPAMConfig { get; init; }
}

/// <summary>Fixed addresses.</summary>
public sealed record EndpointAddressSpec
{
    public string? IPv4Address { get; init; }

    public string? IPv6Address { get; init; }
}
