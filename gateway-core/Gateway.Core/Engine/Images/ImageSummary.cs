namespace Gateway.Core.Engine;

/// <summary>One line of <c>GET /images/json</c>.</summary>
public sealed record ImageSummary
{
    public string Id { get => field ?? ""; init; }

    /// <summary><c>repository:tag</c>; the engine's <c>&lt;none&gt;:&lt;none&gt;</c> is left out.</summary>
    public IReadOnlyList<string> RepoTags { get => field ?? []; init => field = [.. (value ?? []).Where(static tag => !tag.Contains('<', StringComparison.Ordinal))]; }

    /// <summary><c>repository@sha256:…</c>; the engine's <c>&lt;none&gt;@&lt;none&gt;</c> is left out.</summary>
    public IReadOnlyList<string> RepoDigests { get => field ?? []; init => field = [.. (value ?? []).Where(static name => !name.Contains('<', StringComparison.Ordinal))]; }

    /// <summary>Seconds since 1970.</summary>
    public long Created { get; init; }

    /// <summary>Bytes, all layers.</summary>
    public long Size { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get => field ?? EngineJson.NoLabels; init; }
}
