using System.Collections.Immutable;

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

    /// <summary>The container supervisor; null when it cannot be seen.</summary>
    public SupervisorStatus? Supervisor { get; init; }

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
internal sealed record SupervisorStatus(string Name, string State, string? Health, string? Image);

/// <summary>A trusted key.</summary>
internal sealed record KeyStatus(string Fingerprint, string User, DateTimeOffset? Expires, bool Revoked);
