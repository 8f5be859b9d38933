using System.Collections.Immutable;
using System.Globalization;
using Gateway.Core.Reports;

namespace Gateway.Core.Releases;

/// <summary>
/// Decides whether a release may be acted upon: for this gateway, not replayed, not conflicting, not expired, not from
/// the future. Pure: the marks, the trusted signers and the time are arguments. Call it after the whole document has
/// been parsed, and save the verdict's marks before acting.
/// </summary>
public static class ReleaseGate
{
    private static readonly TimeSpan FutureAllowed = TimeSpan.FromHours(24);

    /// <summary>The verdict, or one <see cref="ReleaseFailure"/> for each rule the release breaks.</summary>
    /// <param name="claim">The document.</param>
    /// <param name="gateway">Who we are.</param>
    /// <param name="marks">What was accepted so far.</param>
    /// <param name="trustedSigners">Primary fingerprints trusted now (<c>TrustedKeyring.Signers</c>); a mark of anybody else is void.</param>
    /// <param name="time">The time to judge by.</param>
    public static Result<ReleaseVerdict> Judge(
        ReleaseClaim claim, GatewayIdentity gateway, ReleaseMarks marks, IReadOnlySet<string> trustedSigners, TrustedTime time)
    {
        var failures = ImmutableArray.CreateBuilder<Failure>();
        var notes = ImmutableArray.CreateBuilder<string>();
        var fromFuture = claim.Signature is { } signature && signature.SignedAt > time.Now + FutureAllowed;
        var mark = ValidMark(claim, marks, trustedSigners, notes);
        var accepted = mark is not null && mark.Serial == claim.Release.Serial && mark.Sha256 == claim.Sha256;

        JudgeTarget(claim, gateway, failures);
        JudgeFuture(claim, fromFuture, time, failures, notes);
        JudgeSerial(claim, mark, failures);
        JudgeExpiry(claim, accepted, time, failures);
        return failures.Count > 0
            ? failures.ToImmutable()
            : new ReleaseVerdict(accepted, Moved(claim, marks, accepted, fromFuture), notes.ToImmutable());
    }

    private static ReleaseMark? ValidMark(
        ReleaseClaim claim, ReleaseMarks marks, IReadOnlySet<string> trustedSigners, ImmutableArray<string>.Builder notes)
    {
        if (marks[claim.Stream] is not { } mark)
        {
            return null;
        }

        // A mark made while signatures were waived binds only as long as they are: else anybody who once reached an
        // open gateway could have shut out every later signed release with a huge serial.
        var valid = mark.Signer is { } signer ? trustedSigners.Contains(signer) : claim.Signature is null;
        if (!valid)
        {
            notes.Add($"the mark of stream {claim.Stream} (serial {Text(mark.Serial)}) is void: its signer {mark.Signer ?? "was nobody and"} is not trusted");
        }

        return valid ? mark : null;
    }

    private static void JudgeTarget(ReleaseClaim claim, GatewayIdentity gateway, ImmutableArray<Failure>.Builder failures)
    {
        var targets = claim.Release.Targets;
        if (!targets.Any(target => IsUs(target, gateway)))
        {
            failures.Add(Refuse(claim, ReleaseProblem.OtherTarget,
                $"is for {string.Join(", ", targets)} and this is gateway:{gateway.Id}{string.Concat(gateway.Groups.Select(group => $", group:{group}"))}; nothing is changed"));
        }
    }

    private static bool IsUs(string target, GatewayIdentity gateway) =>
        target == "all"
        || target == $"gateway:{gateway.Id}"
        || gateway.Groups.Any(group => target == $"group:{group}");

    private static void JudgeFuture(
        ReleaseClaim claim, bool fromFuture, TrustedTime time, ImmutableArray<Failure>.Builder failures, ImmutableArray<string>.Builder notes)
    {
        if (!fromFuture)
        {
            return;
        }

        var signed = Text(claim.Signature!.SignedAt);
        if (time.ClockIsBehindBuild)
        {
            notes.Add($"the signature is of {signed} and the clock of this machine says {Text(time.System)}, which cannot be; let through without taking its time for ours");
        }
        else
        {
            failures.Add(Refuse(claim, ReleaseProblem.SignedInFuture,
                $"was signed at {signed}, more than 24 h ahead of {Text(time.Now)}; check the clock of this machine and of the one that signed"));
        }
    }

    private static void JudgeSerial(ReleaseClaim claim, ReleaseMark? mark, ImmutableArray<Failure>.Builder failures)
    {
        var serial = claim.Release.Serial;
        if (mark is null || serial > mark.Serial)
        {
            return;
        }

        if (serial < mark.Serial)
        {
            failures.Add(Refuse(claim, ReleaseProblem.Replayed,
                $"is replayed: serial {Text(serial)} is lower than {Text(mark.Serial)}, accepted before on stream {claim.Stream}; publish with serial {Text(mark.Serial)} + 1 or higher"));
        }
        else if (mark.Sha256 != claim.Sha256)
        {
            failures.Add(Refuse(claim, ReleaseProblem.Conflicting,
                $"is conflicting: serial {Text(serial)} was accepted before on stream {claim.Stream} with other content (sha256 {mark.Sha256[..12]}…, this is {claim.Sha256[..12]}…); publish with a higher serial"));
        }
    }

    private static void JudgeExpiry(ReleaseClaim claim, bool accepted, TrustedTime time, ImmutableArray<Failure>.Builder failures)
    {
        if (!accepted && time.Now > claim.Release.Expires)
        {
            failures.Add(Refuse(claim, ReleaseProblem.Expired,
                $"expired at {Text(claim.Release.Expires)}, now is {Text(time.Now)}; publish it anew with a later 'expires' and a higher serial"));
        }
    }

    private static ReleaseMarks Moved(ReleaseClaim claim, ReleaseMarks marks, bool accepted, bool fromFuture)
    {
        if (!accepted)
        {
            var mark = new ReleaseMark(claim.Release.Serial, claim.Sha256, claim.Signature?.Signer);
            marks = marks with { Streams = marks.Streams.SetItem(claim.Stream, mark) };
        }

        var newer = claim.Signature is { } signature && !fromFuture && !(signature.SignedAt <= marks.NewestSigned);
        return newer ? marks with { NewestSigned = claim.Signature!.SignedAt } : marks;
    }

    private static ReleaseFailure Refuse(ReleaseClaim claim, ReleaseProblem problem, string message) => new(claim.Document, problem, message);

    private static string Text(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Text(long serial) => serial.ToString(CultureInfo.InvariantCulture);
}
