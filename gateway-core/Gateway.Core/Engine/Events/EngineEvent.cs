using System.Text.Json.Serialization;

namespace Gateway.Core.Engine;

/// <summary>One event of <c>GET /events</c>.</summary>
public sealed record EngineEvent
{
    /// <summary><c>container</c>, <c>image</c>, <c>network</c>, <c>volume</c>, <c>daemon</c>.</summary>
    public string Type { get => field ?? ""; init; }

    /// <summary><c>create</c>, <c>start</c>, <c>die</c>, <c>destroy</c>, <c>oom</c>, <c>health_status: healthy</c>, …</summary>
    public string Action { get => field ?? ""; init; }

    public EngineActor Actor { get => field ?? new(); init; }

    /// <summary>When it happened, in seconds since 1970.</summary>
    [JsonPropertyName("time")]
    public long Time { get; init; }

    /// <summary>When it happened, in nanoseconds since 1970: the place to go on from after a lost connection.</summary>
    [JsonPropertyName("timeNano")]
    public long TimeNano { get; init; }
}

/// <summary>What an event happened to.</summary>
public sealed record EngineActor
{
    /// <summary>The container's, image's or network's id; a volume's name.</summary>
    public string ID { get => field ?? ""; init; }

    /// <summary>A container's labels, beside <c>name</c>, <c>image</c>, <c>exitCode</c>, …</summary>
    public IReadOnlyDictionary<string, string> Attributes { get => field ?? EngineJson.NoLabels; init; }
}
