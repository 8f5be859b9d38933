namespace Gateway.Core.Engine;

/// <summary>One line of the answer of <c>DELETE /images/{name}</c>: the one or the other.</summary>
internal sealed record RemovedImage
{
    public string? Untagged { get; init; }

    public string? Deleted { get; init; }

    public static RemovedImages Sum(IReadOnlyList<RemovedImage> lines, long reclaimed) =>
        new([.. lines.Select(line => line.Untagged).OfType<string>()], [.. lines.Select(line => line.Deleted).OfType<string>()], reclaimed);
}

/// <summary>Answer of <c>POST /images/prune</c>.</summary>
internal sealed record PruneAnswer
{
    public IReadOnlyList<RemovedImage> ImagesDeleted { get => field ?? []; init; }

    public long SpaceReclaimed { get; init; }
}
