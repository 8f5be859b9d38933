using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.Ctl.Broker;

/// <summary>How a publication fared at one gateway.</summary>
internal enum Outcome
{
    /// <summary>Not known yet.</summary>
    Pending,

    /// <summary>In force, and everything it asks for is so.</summary>
    Applied,

    /// <summary>Refused as a whole; what ran runs on.</summary>
    Refused,

    /// <summary>In force, but an application failed, was refused or was rolled back.</summary>
    Failed,
}

/// <summary>A published desired state as it is followed at one gateway. Pure: statuses and times are arguments.</summary>
/// <param name="sourceKey"><c>gateway</c> or <c>group:&lt;name&gt;</c>.</param>
/// <param name="serial">Its serial.</param>
/// <param name="sha256">Of its bytes.</param>
/// <param name="applications">The applications it names.</param>
/// <param name="before">The gateway's status before publishing, or null.</param>
internal sealed class Publication(string sourceKey, long serial, string sha256, ImmutableArray<string> applications, StatusView? before)
{
    /// <summary>How long a bad end that may be left over from before must last to be believed.</summary>
    public static readonly TimeSpan Settling = TimeSpan.FromSeconds(8);

    private readonly SourceView? sourceBefore = before?.Desired.GetValueOrDefault(sourceKey);
    private bool hasMoved;
    private DateTimeOffset? badSince;

    /// <summary>Judges the latest status.</summary>
    /// <param name="now">The latest status.</param>
    /// <param name="isFresh">Whether it came after publishing.</param>
    /// <param name="time">The time now.</param>
    public (Outcome Outcome, string Reason) Judge(StatusView now, bool isFresh, DateTimeOffset time)
    {
        var source = now.Desired.GetValueOrDefault(sourceKey);
        if (source?.Sha256 == sha256)
        {
            return source.State == "applied" ? (Outcome.Applied, "") : InForce(now, time);
        }

        return isFresh && source?.Refused is { } refused && IsOurs(refused, time)
            ? (Outcome.Refused, OneLine.Of(refused.Reason))
            : (Outcome.Pending, "");
    }

    /// <summary>Applications under way, or bad ends that must last a little while ours has not been seen to move.</summary>
    private (Outcome Outcome, string Reason) InForce(StatusView now, DateTimeOffset time)
    {
        var ours = now.Applications.Where(application => applications.Contains(application.Key)).ToList();
        if (ours.Any(application => application.Value.State is "updating" or "waiting"))
        {
            hasMoved = true;
            badSince = null;
            return (Outcome.Pending, "");
        }

        var bad = ours.Where(application => application.Value.State is "failed" or "rolled-back" or "refused").ToList();
        if (bad.Count == 0)
        {
            badSince = null;
            return (Outcome.Pending, "");
        }

        badSince ??= time;
        var reason = string.Join("; ", bad.Select(application => $"{application.Key} {application.Value.State}{(application.Value.Reason is { } why ? $": {why}" : "")}"));
        return hasMoved || time - badSince >= Settling ? (Outcome.Failed, OneLine.Of(reason)) : (Outcome.Pending, "");
    }

    private bool IsOurs(RefusedView refused, DateTimeOffset time)
    {
        if (refused.Serial is { } number && number != serial)
        {
            return false;
        }

        if (refused != sourceBefore?.Refused)
        {
            return true;
        }

        // The same refusal stood there before: the gateway may not have looked at ours yet.
        badSince ??= time;
        return time - badSince >= Settling;
    }
}
