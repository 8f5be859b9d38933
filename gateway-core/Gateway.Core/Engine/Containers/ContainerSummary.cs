namespace Gateway.Core.Engine;

/// <summary>One line of <c>GET /containers/json</c>.</summary>
public sealed record ContainerSummary
{
    public string Id { get => field ?? ""; init; }

    /// <summary>With the engine's leading <c>/</c>; see <see cref="Name"/>.</summary>
    public IReadOnlyList<string> Names { get => field ?? []; init; }

    /// <summary>The reference it was created from, or the image's id if that reference is gone.</summary>
    public string Image { get => field ?? ""; init; }

    public string ImageID { get => field ?? ""; init; }

    /// <summary>Seconds since 1970.</summary>
    public long Created { get; init; }

    /// <summary><c>created</c>, <c>running</c>, <c>paused</c>, <c>restarting</c>, <c>removing</c>, <c>exited</c>, <c>dead</c>.</summary>
    public string State { get => field ?? ""; init; }

    /// <summary>For people: <c>Up 2 hours (healthy)</c>.</summary>
    public string Status { get => field ?? ""; init; }

    public IReadOnlyDictionary<string, string> Labels { get => field ?? EngineJson.NoLabels; init; }

    /// <summary>The networks it is in; ports are not told here.</summary>
    public ContainerNetworkSettings NetworkSettings { get => field ?? new(); init; }

    /// <summary>The name without the leading <c>/</c>; links give further names, which hold another <c>/</c>.</summary>
    public string Name => (Names.FirstOrDefault(name => name.LastIndexOf('/') == 0) ?? "").TrimStart('/');
}
