using System.Text.Json.Serialization;

namespace Gateway.Core.Engine;

/// <summary>Answer of <c>GET /version</c>.</summary>
public sealed record EngineVersion
{
    /// <summary>The engine's own version, <c>20.10.24</c>.</summary>
    public string Version { get => field ?? ""; init; }

    /// <summary>The newest API it speaks, <c>1.41</c>.</summary>
    public string ApiVersion { get => field ?? ""; init; }

    /// <summary>The oldest API it speaks.</summary>
    [JsonPropertyName("MinAPIVersion")]
    public string MinApiVersion { get => field ?? ""; init; }

    public string Os { get => field ?? ""; init; }

    /// <summary>As Go names it: <c>amd64</c>, <c>arm64</c>, <c>arm</c>.</summary>
    public string Arch { get => field ?? ""; init; }
}
