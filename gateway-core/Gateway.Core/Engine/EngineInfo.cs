using System.Collections.Immutable;
using System.Net;
using System.Text.Json.Serialization;

namespace Gateway.Core.Engine;

/// <summary>Answer of <c>GET /info</c>, the part that is used.</summary>
public sealed record EngineInfo
{
    /// <summary>The engine's identity; another data folder gives another one.</summary>
    public string ID { get => field ?? ""; init; }

    /// <summary>The data folder, on the engine's file system: the disk that fills up.</summary>
    public string DockerRootDir { get => field ?? ""; init; }

    public string Driver { get => field ?? ""; init; }

    public string ServerVersion { get => field ?? ""; init; }

    /// <summary><c>1</c> or <c>2</c>.</summary>
    public string CgroupVersion { get => field ?? ""; init; }

    public string Architecture { get => field ?? ""; init; }

    public int Containers { get; init; }

    public int ContainersRunning { get; init; }

    public int Images { get; init; }

    /// <summary>Bytes of memory.</summary>
    public long MemTotal { get; init; }

    public bool LiveRestoreEnabled { get; init; }

    /// <summary>How it speaks to registries.</summary>
    public EngineRegistries RegistryConfig { get => field ?? new(); init; }

    /// <summary>What the engine complains about.</summary>
    public IReadOnlyList<string> Warnings { get => field ?? []; init; }
}

/// <summary>Part of <see cref="EngineInfo"/>: registries that may be spoken to without TLS.</summary>
public sealed record EngineRegistries
{
    /// <summary>Address ranges, <c>127.0.0.0/8</c>.</summary>
    [JsonPropertyName("InsecureRegistryCIDRs")]
    public IReadOnlyList<string> InsecureRanges { get => field ?? []; init; }

    /// <summary>By host and port.</summary>
    public IReadOnlyDictionary<string, EngineRegistry> IndexConfigs { get => field ?? ImmutableDictionary<string, EngineRegistry>.Empty; init; }

    /// <summary>Whether the engine goes without TLS to a registry, named as in an image's reference.</summary>
    public bool IsInsecure(string registry)
    {
        if (IndexConfigs.TryGetValue(registry, out var known))
        {
            return !known.Secure;
        }

        var colon = registry.LastIndexOf(':');
        var host = colon > registry.LastIndexOf(']') ? registry[..colon] : registry;
        return host == "localhost"
            || (IPAddress.TryParse(host, out var address) && InsecureRanges.Any(range => IPNetwork.TryParse(range, out var network) && network.Contains(address)));
    }
}

/// <summary>One registry as the engine is set up for it.</summary>
public sealed record EngineRegistry
{
    public bool Secure { get; init; } = true;
}
