using System.Text.Json.Serialization;

namespace Gateway.Core.Engine;

/// <summary>Answer of <c>GET /images/{name}/json</c>, the part that is used.</summary>
public sealed record ImageDetails
{
    /// <summary>
    /// <c>sha256:…</c> of the image's config; an engine with the containerd image store (the default of new installations
    /// from Docker 29 on) gives the digest of the manifest or index instead.
    /// </summary>
    public string Id { get => field ?? ""; init; }

    /// <summary><c>repository@sha256:…</c>; empty for an image that was loaded or imported.</summary>
    public IReadOnlyList<string> RepoDigests { get => field ?? []; init; }

    /// <summary><c>repository:tag</c>.</summary>
    public IReadOnlyList<string> RepoTags { get => field ?? []; init; }

    /// <summary>Bytes, all layers.</summary>
    public long Size { get; init; }

    public string Architecture { get => field ?? ""; init; }

    public string Os { get => field ?? ""; init; }

    public ContainerConfig Config { get => field ?? new(); init; }

    [JsonPropertyName("RootFS")]
    public ImageRootFs RootFs { get => field ?? new(); init; }
}

/// <summary>What an image's files are made of.</summary>
public sealed record ImageRootFs
{
    /// <summary>Digests of the unpacked layers, lowest first.</summary>
    public IReadOnlyList<string> Layers { get => field ?? []; init; }
}
