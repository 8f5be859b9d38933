namespace Gateway.Core.Engine;

/// <summary>A network, as listed and as inspected; the list leaves <see cref="Containers"/> empty.</summary>
public sealed record NetworkDetails
{
    public string Id { get => field ?? ""; init; }

    public string Name { get => field ?? ""; init; }

    public string Driver { get => field ?? ""; init; }

    public bool Internal { get; init; }

    public IReadOnlyDictionary<string, string> Labels { get => field ?? EngineJson.NoLabels; init; }

    public IReadOnlyDictionary<string, string> Options { get => field ?? EngineJson.NoLabels; init; }

    /// <summary>The running containers in it, by id.</summary>
    public IReadOnlyDictionary<string, NetworkMember> Containers { get => field ?? EngineJson.NoMembers; init; }
}

/// <summary>A container in a network.</summary>
public sealed record NetworkMember
{
    public string Name { get => field ?? ""; init; }

    /// <summary>With its prefix length.</summary>
    public string IPv4Address { get => field ?? ""; init; }
}

/// <summary>Answer of <c>POST /networks/create</c>.</summary>
public sealed record CreatedNetwork
{
    public string Id { get => field ?? ""; init; }

    public string Warning { get => field ?? ""; init; }
}
