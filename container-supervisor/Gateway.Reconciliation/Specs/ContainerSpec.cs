using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gateway.Reconciliation.Desired;

namespace Gateway.Reconciliation.Specs;

/// <summary>A service as the Engine API takes it.</summary>
/// <param name="Service">Where it comes from.</param>
/// <param name="ConfigHash">SHA-256 over what defines the container, whatever the order and spelling; label <c>io.gateway.config</c>.</param>
/// <param name="Body">Body of <c>POST /containers/create</c>, members in a fixed order. Not to be changed: clone it.</param>
/// <param name="MoreNetworks">Networks to be connected after the creation and before the start (engines before API 1.44 take one at creation): network name to the body's <c>EndpointConfig</c>.</param>
/// <param name="Networks">Names of all networks it is on.</param>
/// <param name="Volumes">Names of the volumes it mounts.</param>
/// <param name="OneShot">Whether it is meant to end: then an exit code of 0 is success and it is not started again.</param>
public sealed record ContainerSpec(
    Service Service,
    string ConfigHash,
    JsonObject Body,
    ImmutableArray<NetworkConnection> MoreNetworks,
    ImmutableArray<string> Networks,
    ImmutableArray<string> Volumes,
    bool OneShot)
{
    /// <summary>Files to be written before the container is made.</summary>
    public ImmutableArray<PlacedFile> Files { get; init; } = [];

    /// <summary>Items of <c>Binds</c> and <c>Mounts</c> that the supervisor adds itself, as JSON text; the local policy does not judge them.</summary>
    internal ImmutableHashSet<string> OwnMounts { get; init; } = [];

    /// <summary>Modes <c>container:&lt;name&gt;</c> of services of the same application whose namespaces it shares.</summary>
    internal ImmutableHashSet<string> Joined { get; init; } = [];

    /// <summary>The body as people may see it: without what could help to guess the content of a secret.</summary>
    public string Shown() => Files.Aggregate(Body.ToJsonString(), static (text, file) => text.Replace(file.Identity, "…", StringComparison.Ordinal));
}

/// <summary>A network to connect a container to.</summary>
/// <param name="Network">The engine's name of it.</param>
/// <param name="EndpointConfig">The <c>EndpointConfig</c> member of <c>POST /networks/{name}/connect</c>.</param>
public sealed record NetworkConnection(string Network, JsonObject EndpointConfig);

/// <summary>The labels that the supervisor gives.</summary>
public static class GatewayLabels
{
    public const string Application = "io.gateway.application";
    public const string Service = "io.gateway.service";
    public const string Config = "io.gateway.config";
    public const string Release = "io.gateway.release";
    public const string Role = "io.gateway.role";

    /// <summary>Paths the container's devices were found at, joined by <c>,</c>; absent without devices.</summary>
    public const string Devices = "io.gateway.devices";

    /// <summary><see cref="PlacedFile.Identity"/> of each file it is given, joined by <c>,</c>; absent without files.</summary>
    public const string Files = "io.gateway.files";

    /// <summary>Value of <see cref="Role"/> on the supervisor's own container, which is never touched.</summary>
    public const string Supervisor = "supervisor";
}
