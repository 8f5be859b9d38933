using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Gateway.Reconciliation.Status;

/// <summary>The status a gateway publishes (docs/formats: status).</summary>
public sealed record StatusDocument
{
    public const int Schema = 1;

    public required string Gateway { get; init; }

    public required DateTimeOffset Time { get; init; }

    public ImmutableArray<string> Groups { get; init; } = [];

    public required SupervisorStatus Supervisor { get; init; }

    /// <summary>Keyed <c>gateway</c> and <c>group:&lt;name&gt;</c>.</summary>
    public ImmutableSortedDictionary<string, DesiredStatus> Desired { get; init; } = ImmutableSortedDictionary<string, DesiredStatus>.Empty;

    public ImmutableSortedDictionary<string, ApplicationStatus> Applications { get; init; } = ImmutableSortedDictionary<string, ApplicationStatus>.Empty;

    /// <summary>Null while the engine does not answer.</summary>
    public EngineStatus? Engine { get; init; }

    /// <summary>Locks that hold changes up.</summary>
    public ImmutableArray<LockStatus> Locks { get; init; } = [];

    /// <summary>The machine's health as the host reports it, a JSON object passed on as it is; null when there is none.</summary>
    public JsonObject? Host { get; init; }

    public ImmutableArray<ErrorStatus> Errors { get; init; } = [];
}

/// <summary>The supervisor itself.</summary>
public sealed record SupervisorStatus(string Version, string? Image, DateTimeOffset Started);

/// <summary>One source of desired state.</summary>
/// <param name="Serial">In force; null when nothing is.</param>
/// <param name="Sha256">In force; null when nothing is.</param>
/// <param name="Applied">Whether everything it asks for is so.</param>
/// <param name="Refused">A newcomer that was refused, or null.</param>
public sealed record DesiredStatus(long? Serial, string? Sha256, bool Applied, RefusedStatus? Refused);

/// <summary>A refused newcomer; its serial is null when it could not be read.</summary>
public sealed record RefusedStatus(long? Serial, string Reason);

/// <summary>One application.</summary>
/// <param name="Version">What the operator calls it.</param>
/// <param name="State"><c>running</c>, <c>updating</c>, <c>waiting</c>, <c>rolled-back</c>, <c>failed</c>, <c>refused</c>, <c>stopped</c>.</param>
/// <param name="Reason">Why, or null.</param>
/// <param name="Services">By name.</param>
public sealed record ApplicationStatus(string? Version, string State, string? Reason, ImmutableSortedDictionary<string, ServiceStatus> Services)
{
    /// <summary>When a waiting ends by itself; null when that is not known, or it does not wait.</summary>
    public DateTimeOffset? Until { get; init; }
}

/// <summary>One service.</summary>
/// <param name="State">The engine's word: <c>running</c>, <c>exited</c> …; <c>absent</c> without a container.</param>
/// <param name="Health">The engine's word, or null without a health check.</param>
/// <param name="Image">The image's reference.</param>
/// <param name="Digest"><c>sha256:…</c>, or null.</param>
/// <param name="Restarts">How often the engine started it again.</param>
/// <param name="Error">What is wrong with it, or null.</param>
public sealed record ServiceStatus(string State, string? Health, string Image, string? Digest, int Restarts, string? Error)
{
    /// <summary>What the container says of itself, or null.</summary>
    public ServiceReport? Report { get; init; }
}

/// <summary>What a container says of itself over its local interface.</summary>
/// <param name="State">A short word of its own.</param>
/// <param name="Message">For people; may be null.</param>
/// <param name="Time">When it said so.</param>
public sealed record ServiceReport(string State, string? Message, DateTimeOffset Time);

/// <summary>A lock that holds changes up.</summary>
public sealed record LockStatus(string Owner, DateTimeOffset Until, string? Reason);

/// <summary>The engine.</summary>
public sealed record EngineStatus(string Version, int Images, long DiskFreeBytes);

/// <summary>An error that is not resolved.</summary>
public sealed record ErrorStatus(DateTimeOffset Time, string Subject, string Message);
