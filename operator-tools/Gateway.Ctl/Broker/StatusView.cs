using System.Collections.Immutable;

namespace Gateway.Ctl.Broker;

/// <summary>What a gateway says of itself, as far as gatewayctl shows it.</summary>
internal sealed record StatusView
{
    /// <summary>The gateway's id.</summary>
    public required string Gateway { get; init; }

    /// <summary>When the gateway wrote it, by its own clock.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The groups it is in.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>Version of its supervisor.</summary>
    public string? Supervisor { get; init; }

    /// <summary>Desired states, keyed <c>gateway</c> and <c>group:&lt;name&gt;</c>.</summary>
    public ImmutableSortedDictionary<string, SourceView> Desired { get; init; } = ImmutableSortedDictionary<string, SourceView>.Empty;

    /// <summary>Applications by name.</summary>
    public ImmutableSortedDictionary<string, ApplicationView> Applications { get; init; } = ImmutableSortedDictionary<string, ApplicationView>.Empty;

    /// <summary>Locks that hold changes up, one line each.</summary>
    public ImmutableArray<string> Locks { get; init; } = [];

    /// <summary>Errors, oldest first, one line each.</summary>
    public ImmutableArray<string> Errors { get; init; } = [];
}

/// <summary>One source of desired state: what is in force, and the newcomer that was refused, if any.</summary>
internal sealed record SourceView(long? Serial, string? Sha256, string? State, RefusedView? Refused);

/// <summary>A refused newcomer. Its serial is unknown when it could not even be read.</summary>
internal sealed record RefusedView(long? Serial, string Reason);

/// <summary>An application and its services by name; <paramref name="Until"/> is when its waiting ends by itself, where that is known.</summary>
internal sealed record ApplicationView(string? Version, string State, string? Reason, DateTimeOffset? Until, ImmutableSortedDictionary<string, ServiceView> Services);

/// <summary>A service's container.</summary>
internal sealed record ServiceView(string State, string? Health, string? Image, long Restarts, string? Error);
