using System.Collections.Immutable;

namespace Gateway.Reconciliation.Observed;

/// <summary>
/// What the engine has: everything, foreign things included (names clash with them). Four list calls, and an
/// inspection of each container that is ours and not plainly running (exit code, start time, out of memory).
/// </summary>
/// <param name="Containers">All containers, stopped ones too.</param>
/// <param name="Networks">All networks.</param>
/// <param name="Volumes">All volumes.</param>
/// <param name="Images">All images.</param>
/// <param name="Devices">For each <c>DeviceMapping.Source</c> of the desired state: the path of the first alternative that exists, or null.</param>
public sealed record ObservedState(
    ImmutableArray<ObservedContainer> Containers,
    ImmutableArray<ObservedNetwork> Networks,
    ImmutableArray<ObservedVolume> Volumes,
    ImmutableArray<ObservedImage> Images,
    ImmutableDictionary<string, string?> Devices)
{
    public static ObservedState Empty { get; } = new([], [], [], [], ImmutableDictionary<string, string?>.Empty);
}

/// <summary>The engine's states of a container.</summary>
public enum ContainerState
{
    Created,
    Running,
    Paused,
    Restarting,
    Removing,
    Exited,
    Dead,
}

/// <summary>What a container's health check says.</summary>
public enum ContainerHealth
{
    /// <summary>It has none.</summary>
    None,
    Starting,
    Healthy,
    Unhealthy,
}

/// <summary>A container.</summary>
public sealed record ObservedContainer
{
    public required string Id { get; init; }

    /// <summary>Without the engine's leading slash.</summary>
    public required string Name { get; init; }

    public ImmutableSortedDictionary<string, string> Labels { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    public required ContainerState State { get; init; }

    public ContainerHealth Health { get; init; }

    /// <summary>The reference it was made with.</summary>
    public string Image { get; init; } = "";

    /// <summary>The image's id, <c>sha256:…</c>.</summary>
    public string ImageId { get; init; } = "";

    /// <summary>Names of the networks it is on.</summary>
    public ImmutableArray<string> Networks { get; init; } = [];

    /// <summary>Those whose namespaces it is in, by the id they had when it was made (or by name, where the engine keeps that); none when it was not inspected.</summary>
    public ImmutableArray<string> Joined { get; init; } = [];

    public DateTimeOffset Created { get; init; }

    /// <summary>Null when it never started or was not inspected.</summary>
    public DateTimeOffset? Started { get; init; }

    /// <summary>Of the last time it ended; null while it runs or when it was not inspected.</summary>
    public int? ExitCode { get; init; }

    public bool OutOfMemory { get; init; }

    /// <summary>How often the engine started it again.</summary>
    public int Restarts { get; init; }

    /// <summary>The engine's own error of the last start, or null.</summary>
    public string? Error { get; init; }

    /// <summary>Null when it was not inspected.</summary>
    public ObservedSettings? Settings { get; init; }
}

/// <summary>A network.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Labels">Its labels.</param>
public sealed record ObservedNetwork(string Id, string Name, ImmutableSortedDictionary<string, string> Labels);

/// <summary>A volume.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Driver">Its driver.</param>
/// <param name="Options">Its driver's options: a foreign one may hide a bind mount.</param>
/// <param name="Labels">Its labels.</param>
public sealed record ObservedVolume(string Name, string Driver, ImmutableSortedDictionary<string, string> Options, ImmutableSortedDictionary<string, string> Labels);

/// <summary>An image.</summary>
/// <param name="Id">Its id (digest of its configuration).</param>
/// <param name="Tags"><c>repository:tag</c>.</param>
/// <param name="Digests"><c>repository@sha256:…</c>.</param>
public sealed record ObservedImage(string Id, ImmutableArray<string> Tags, ImmutableArray<string> Digests);
