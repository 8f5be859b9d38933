using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gateway.ContainerSupervisor.Execute;
using Gateway.ContainerSupervisor.Receive;
using Gateway.Core.Releases;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Status;

namespace Gateway.ContainerSupervisor.Report;

/// <summary>Everything the status is made of.</summary>
internal sealed record StatusInput
{
    /// <summary>Who we are.</summary>
    public required GatewayIdentity Identity { get; init; }

    /// <summary>When this program started.</summary>
    public required DateTimeOffset Started { get; init; }

    /// <summary>The documents in force.</summary>
    public required ImmutableSortedDictionary<string, SourceState> Sources { get; init; }

    /// <summary>What they ask for together, as of now.</summary>
    public required DesiredState? Merged { get; init; }

    /// <summary>The last round.</summary>
    public required Snapshot Seen { get; init; }

    /// <summary>The engine's version and the disk, or null.</summary>
    public required EngineStatus? Engine { get; init; }

    /// <summary>What containers say of themselves, by <c>&lt;application&gt;/&lt;service&gt;</c>.</summary>
    public ImmutableDictionary<string, ServiceReport> Reports { get; init; } = ImmutableDictionary<string, ServiceReport>.Empty;

    /// <summary>What holds changes up.</summary>
    public ImmutableArray<LockStatus> Locks { get; init; } = [];

    /// <summary>What is not resolved.</summary>
    public ImmutableArray<ErrorStatus> Errors { get; init; } = [];

    /// <summary>The machine's health as the host reports it, or null.</summary>
    public JsonObject? Host { get; init; }

    public required DateTimeOffset Now { get; init; }
}
