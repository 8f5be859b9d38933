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

    private static readonly ImmutableSortedDictionary<string, Trial> NoTrials = ImmutableSortedDictionary.Create<string, Trial>(StringComparer.Ordinal);
    private static readonly ImmutableSortedDictionary<string, ImmutableArray<string>> NoHistory = ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    public static ApplicationRecord Empty { get; } = new([], null, 0, "", [], []);

    /// <summary>
    /// Fingerprint of the release whose steps have begun to change containers, or <see cref="Removal"/>; stays until
    /// they have come to rest, committed or back. Null: at rest.
    /// </summary>
    public string? Begun { get; init; }

    /// <summary>Networks of the committed release.</summary>
    public ImmutableArray<CommittedThing> Networks { get; init; } = [];

    /// <summary>Volumes of the committed release.</summary>
    public ImmutableArray<CommittedThing> Volumes { get; init; } = [];

    /// <summary>By service; only those that needed help of late.</summary>
    public ImmutableSortedDictionary<string, Trial> Trials { get; init; } = NoTrials;

    /// <summary>By service, newest first: references of the images it was committed with.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> History { get; init; } = NoHistory;

    /// <summary>Images of the candidate that were not kept before: nobody needs them once it is given up.</summary>
    public ImmutableArray<string> CandidateImages { get; init; } = [];

    /// <summary>The memory of a failed release, or null.</summary>
    public FailedRelease? FailureOf(string fingerprint) => Failed.LastOrDefault(failed => failed.Fingerprint == fingerprint);

    /// <summary>Whether a container made from this configuration belongs to the committed release.</summary>
    internal bool IsGood(string service, string configHash)
    {
        foreach (var good in Committed)
        {
            if (good.ConfigHash == configHash && good.Service == service)
            {
                return true;
            }
        }

        return false;
    }

    internal bool IsCommitted(string fingerprint) =>
        !Committed.IsEmpty && Fingerprint.Of(Committed.Select(service => (service.Service, service.ConfigHash))) == fingerprint;

    internal ApplicationRecord WithoutCandidate() =>
        Candidate is null && CandidateImages.IsEmpty && Attempts == 0 ? this : this with { Candidate = null, CandidateImages = [], Attempts = 0 };

    /// <summary>The candidate has failed and is remembered; those who helped the old ones may start afresh.</summary>
    internal ApplicationRecord Failing(string fingerprint, string reason, DateTimeOffset now) => WithoutCandidate() with
    {
        Failed = [.. Failed.Where(entry => entry.Fingerprint != fingerprint).TakeLast(MostFailed - 1), new FailedRelease(fingerprint, OneLine.Of(reason), now)],
        Trials = Trials.Clear(),
    };

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
public sealed record CommittedService(string Service, string ConfigHash, string Container, string Image, bool OneShot)
{
    /// <summary>
    /// What the container is made from, JSON (<see cref="DefinitionJson"/>), so that it can be made again when it is lost;
    /// null: not known, or too long to be kept.
    /// </summary>
    public string? Definition { get; init; }
}

/// <summary>A release that was tried and failed.</summary>
/// <param name="Fingerprint">SHA-256 over the configuration of all its services.</param>
/// <param name="Reason">Why, with the last log lines of the container that failed.</param>
/// <param name="At">When.</param>
public sealed record FailedRelease(string Fingerprint, string Reason, DateTimeOffset At);
