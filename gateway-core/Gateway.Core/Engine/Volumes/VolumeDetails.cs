namespace Gateway.Core.Engine;

/// <summary>A volume.</summary>
public sealed record VolumeDetails
{
    public string Name { get => field ?? ""; init; }

    public string Driver { get => field ?? ""; init; }

    /// <summary>Its folder on the host.</summary>
    public string Mountpoint { get => field ?? ""; init; }

    public IReadOnlyDictionary<string, string> Labels { get => field ?? EngineJson.NoLabels; init; }

    public IReadOnlyDictionary<string, string> Options { get => field ?? EngineJson.NoLabels; init; }
}

/// <summary>Answer of <c>GET /volumes</c>.</summary>
internal sealed record VolumeList
{
    public IReadOnlyList<VolumeDetails> Volumes { get => field ?? []; init; }
}
