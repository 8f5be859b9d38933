using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.Reconciliation.Updates;

/// <summary>The persistent part of one application's update machine.</summary>
/// <param name="Committed">The services last found good together, in start order; what a roll-back goes back to. Empty: none yet.</param>
/// <param name="Candidate">Fingerprint of the release under way, or null.</param>
/// <param name="Attempts">How many runs of the supervisor have worked on the candidate.</param>
/// <param name="Run">The last of these runs.</param>
/// <param name="Failed">Releases that failed, newest last, at most <see cref="MostFailed"/>: never tried again.</param>
/// <param name="Images">References of images to keep: those committed and those committed before.</param>
public sealed record ApplicationRecord(
    ImmutableArray<CommittedService> Committed,
    string? Candidate,
    int Attempts,
    string Run,
    ImmutableArray<FailedRelease> Failed,
    ImmutableArray<string> Images)
{
    public const int MostFailed = 16;

    /// <summary>Value of <see cref="Begun"/> while an application is taken away.</summary>
    public const string Removal = "removal";

    private const int LongestReason = 4000;

    public static ApplicationRecord Empty { get; } = new([], null, 0, "", [], []);

    /// <summary>
    /// Fingerprint of the release whose steps have begun to change containers, or <see cref="Removal"/>; stays until
    /// they have come to rest, committed or back. Null: at rest.
    /// </summary>
    public string? Begun { get; init; }

    /// <summary>The memory of a failed release, or null.</summary>
    public FailedRelease? FailureOf(string fingerprint) => Failed.LastOrDefault(failed => failed.Fingerprint == fingerprint);

    internal ApplicationRecord AddToReason(string text)
    {
        var last = Failed[^1];
        var reason = OneLine.Of($"{last.Reason}; last log lines: {text}");
        return this with { Failed = Failed.SetItem(Failed.Length - 1, last with { Reason = reason.Length > LongestReason ? reason[..LongestReason] : reason }) };
    }
}

/// <summary>A service of a committed release.</summary>
/// <param name="Service">Its name.</param>
/// <param name="ConfigHash">The label <c>io.gateway.config</c> of its container.</param>
/// <param name="Container">The container's name.</param>
/// <param name="Image">The image's reference.</param>
/// <param name="OneShot">Whether it is meant to end.</param>
public sealed record CommittedService(string Service, string ConfigHash, string Container, string Image, bool OneShot);

/// <summary>A release that was tried and failed.</summary>
/// <param name="Fingerprint">SHA-256 over the configuration of all its services.</param>
/// <param name="Reason">Why, with the last log lines of the container that failed.</param>
/// <param name="At">When.</param>
public sealed record FailedRelease(string Fingerprint, string Reason, DateTimeOffset At);
