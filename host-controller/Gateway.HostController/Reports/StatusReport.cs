using System.Collections.Immutable;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Gateway.HostController.Failsafe;

namespace Gateway.HostController.Reports;

/// <summary>What <c>status</c> tells.</summary>
internal sealed record StatusReport(int Schema, string Version, string Gateway, ImmutableArray<string> Groups)
{
    /// <summary>The daemon; null when none runs.</summary>
    public DaemonState? Daemon { get; init; }

    /// <summary>The last run; null when there was none.</summary>
    public LastRunStatus? LastRun { get; init; }

    /// <summary>One for each stream ever heard of.</summary>
    public ImmutableArray<StreamStatus> Playbooks { get; init; } = [];

    /// <summary>The container supervisor.</summary>
    public required SupervisorStatus Supervisor { get; init; }

    /// <summary>Our own upgrades.</summary>
    public SelfUpdateStatus? SelfUpdate { get; init; }

    /// <summary>What the failsafe did last, oldest first.</summary>
    public ImmutableArray<FailsafeDeed> Failsafe { get; init; } = [];

    /// <summary>The machine's health, as <c>/run/gateway/health.json</c> has it; null when there is no report.</summary>
    public JsonObject? Host { get; init; }

    /// <summary>The same in one line.</summary>
    [JsonIgnore]
    public string? HostInShort { get; init; }

    /// <summary>Keys in the trusted directory.</summary>
    public ImmutableArray<KeyStatus> Keys { get; init; } = [];

    /// <summary>What a person should see to, one line each.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}

/// <summary>The last run in short.</summary>
internal sealed record LastRunStatus(string Id, string Command, DateTimeOffset Started, double DurationSeconds, int Status, ImmutableArray<string> Failures);

/// <summary>A stream: what is in force, and what was refused.</summary>
internal sealed record StreamStatus(string Stream)
{
    public long? Serial { get; init; }

    public string? Sha256 { get; init; }

    public string? Signer { get; init; }

    public DateTimeOffset? Expires { get; init; }

    public DateTimeOffset? Accepted { get; init; }

    /// <summary>When it was last applied to its end.</summary>
    public DateTimeOffset? Applied { get; init; }

    /// <summary>0, or 2 when a task failed.</summary>
    public int? AppliedStatus { get; init; }

    /// <summary>A newcomer that was not let in; null when there is none.</summary>
    public RefusedStatus? Refused { get; init; }
}

/// <summary>Why and since when a newcomer is refused.</summary>
internal sealed record RefusedStatus(DateTimeOffset At, int Status, string Reason);

/// <summary>The supervisor's container.</summary>
/// <param name="Name">Its name.</param>
/// <param name="State">As the engine calls it, <c>absent</c>, or <c>unknown</c> when the engine does not answer.</param>
/// <param name="Health">As the engine calls it; null without a health check.</param>
/// <param name="Image">The reference or id it was made from.</param>
internal sealed record SupervisorStatus(string Name, string State, string? Health, string? Image)
{
    /// <summary>The reference of the committed release; null before the first.</summary>
    public string? Current { get; init; }

    /// <summary>The reference of the release that <c>rollback supervisor</c> goes back to; null for none.</summary>
    public string? Previous { get; init; }

    /// <summary>What of an update is under way, <c>Idle</c> for nothing; null when the record cannot be read, which <see cref="StatusReport.Warnings"/> tells.</summary>
    public string? Phase { get; init; }

    /// <summary>How the last update ended; null before the first.</summary>
    public UpdateStatus? LastUpdate { get; init; }

    /// <summary>Releases that did not stay.</summary>
    public ImmutableArray<FailedStatus> Failed { get; init; } = [];
}

/// <summary>Upgrades of the host controller, as the guardian tells.</summary>
/// <param name="Phase"><c>idle</c>, <c>prepared</c>, <c>probation</c> or <c>rolling-back</c>.</param>
/// <param name="Candidate">The version that was tried last.</param>
/// <param name="Previous">The version that <c>rollback host-controller</c> goes back to.</param>
/// <param name="Last">How the last upgrade ended.</param>
/// <param name="Failed">Versions that did not stay.</param>
internal sealed record SelfUpdateStatus(string Phase, string Candidate, string Previous, string Last, ImmutableArray<FailedStatus> Failed);

/// <summary>How an update ended.</summary>
internal sealed record UpdateStatus(DateTimeOffset At, bool Committed, string Text);

/// <summary>A release that did not stay; <c>Final</c>: it is not tried again until another one has been committed.</summary>
internal sealed record FailedStatus(string Release, DateTimeOffset At, string Reason, bool Final);

/// <summary>A trusted key.</summary>
internal sealed record KeyStatus(string Fingerprint, string User, DateTimeOffset? Expires, bool Revoked);
