using System.Collections.Immutable;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.Trust;

namespace Gateway.UnitTests.Core.Releases;

public class ReleaseGateTests
{
    private const string Stream = ReleaseStream.DesiredGateway;

    private static readonly string Alice = new('A', 40);
    private static readonly string Bob = new('B', 40);
    private static readonly DateTimeOffset Now = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly GatewayIdentity Us = new("gw-1", ["beta", "west"]);
    private static readonly ImmutableHashSet<string> Trusted = [Alice, Bob];

    private static TrustedTime Time(DateTimeOffset? system = null, DateTimeOffset? newest = null) => new(system ?? Now, newest, Now.AddYears(-1));

    private static string Sha(char digit) => new(digit, 64);

    private static ReleaseClaim Claim(
        long serial, char content = 'a', string target = "all", DateTimeOffset? expires = null, DateTimeOffset? signed = null, string? signer = null) =>
        new("site.yml", Stream, new Release(serial, expires ?? Now.AddYears(1), [target]), Sha(content), new GoodSignature(signer ?? Alice, signer ?? Alice, signed ?? Now));

    private static ReleaseMarks Marked(long serial, char content = 'a', string? signer = null, DateTimeOffset? newest = null) =>
        new(ReleaseMarks.None.Streams.Add(Stream, new ReleaseMark(serial, Sha(content), signer ?? Alice)), newest);

    private static ReleaseProblem[] Problems(Result<ReleaseVerdict> result) =>
        [.. result.Failures.Select(failure => Assert.IsType<ReleaseFailure>(failure).Problem)];

    [Fact]
    public void The_first_release_is_accepted_and_marked()
    {
        var verdict = ReleaseGate.Judge(Claim(7), Us, ReleaseMarks.None, Trusted, Time()).Value;

        Assert.False(verdict.AlreadyAccepted);
        Assert.Equal(new ReleaseMark(7, Sha('a'), Alice), verdict.Marks[Stream]);
        Assert.Equal(Now, verdict.Marks.NewestSigned);
    }

    [Fact]
    public void A_lower_serial_is_replayed()
    {
        var result = ReleaseGate.Judge(Claim(6), Us, Marked(7), Trusted, Time());

        Assert.Equal([ReleaseProblem.Replayed], Problems(result));
        Assert.StartsWith("site.yml: is replayed: serial 6 is lower than 7", result.Failure.ToString(), StringComparison.Ordinal);
        Assert.Equal(Phase.Release, result.Failure.Phase);
    }

    [Fact]
    public void The_same_serial_with_other_bytes_is_conflicting() =>
        Assert.Equal([ReleaseProblem.Conflicting], Problems(ReleaseGate.Judge(Claim(7, 'b'), Us, Marked(7), Trusted, Time())));

    [Fact]
    public void The_same_bytes_are_already_accepted_and_change_no_mark()
    {
        var marks = Marked(7, newest: Now);

        var verdict = ReleaseGate.Judge(Claim(7), Us, marks, Trusted, Time()).Value;

        Assert.True(verdict.AlreadyAccepted);
        Assert.Equal(marks, verdict.Marks);
    }

    [Fact]
    public void An_expired_release_is_refused_unless_it_was_accepted_before()
    {
        var expired = Claim(7, expires: Now.AddSeconds(-1));

        Assert.Equal([ReleaseProblem.Expired], Problems(ReleaseGate.Judge(expired, Us, Marked(6), Trusted, Time())));
        Assert.True(ReleaseGate.Judge(expired, Us, Marked(7), Trusted, Time()).Value.AlreadyAccepted);
    }

    [Fact]
    public void Expiry_is_judged_by_the_newest_time_known_and_not_by_a_clock_set_back()
    {
        var expired = Claim(7, expires: Now, signed: Now.AddDays(-9));

        Assert.True(ReleaseGate.Judge(expired, Us, ReleaseMarks.None, Trusted, Time()).IsSuccess);
        Assert.Equal([ReleaseProblem.Expired], Problems(ReleaseGate.Judge(expired, Us, ReleaseMarks.None, Trusted, Time(Now.AddYears(-30), Now.AddDays(1)))));
    }

    [Theory]
    [InlineData("all", true)]
    [InlineData("gateway:gw-1", true)]
    [InlineData("group:west", true)]
    [InlineData("gateway:gw-10", false)]
    [InlineData("gateway:gw", false)]
    [InlineData("group:gw-1", false)]
    [InlineData("group:alpha", false)]
    public void Only_releases_for_us_are_accepted(string target, bool accepted)
    {
        var result = ReleaseGate.Judge(Claim(7, target: target), Us, ReleaseMarks.None, Trusted, Time());

        Assert.Equal(accepted ? [] : [ReleaseProblem.OtherTarget], Problems(result));
    }

    [Theory]
    [InlineData(24, true)]
    [InlineData(25, false)]
    public void A_signature_from_more_than_a_day_ahead_is_refused(int hours, bool accepted)
    {
        var result = ReleaseGate.Judge(Claim(7, signed: Now.AddHours(hours)), Us, ReleaseMarks.None, Trusted, Time());

        Assert.Equal(accepted ? [] : [ReleaseProblem.SignedInFuture], Problems(result));
    }

    [Fact]
    public void A_machine_without_a_clock_lets_the_future_through_and_keeps_its_time()
    {
        var verdict = ReleaseGate.Judge(Claim(7, signed: Now.AddYears(5)), Us, ReleaseMarks.None, Trusted, Time(DateTimeOffset.UnixEpoch)).Value;

        Assert.Equal(7, verdict.Marks[Stream]!.Serial);
        Assert.Null(verdict.Marks.NewestSigned);
        Assert.Contains("cannot be", Assert.Single(verdict.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void An_older_signature_never_moves_the_time_back()
    {
        var marks = Marked(7, newest: Now);

        Assert.Equal(Now, ReleaseGate.Judge(Claim(8, signed: Now.AddDays(-9)), Us, marks, Trusted, Time()).Value.Marks.NewestSigned);
        Assert.Equal(Now.AddHours(1), ReleaseGate.Judge(Claim(8, signed: Now.AddHours(1)), Us, marks, Trusted, Time()).Value.Marks.NewestSigned);
    }

    [Fact]
    public void A_mark_whose_signer_is_no_longer_trusted_is_void()
    {
        var verdict = ReleaseGate.Judge(Claim(3, signer: Bob), Us, Marked(long.MaxValue), ImmutableHashSet.Create(Bob), Time()).Value;

        Assert.Equal(new ReleaseMark(3, Sha('a'), Bob), verdict.Marks[Stream]);
        Assert.Contains("void", Assert.Single(verdict.Notes), StringComparison.Ordinal);
    }

    [Fact]
    public void A_void_mark_makes_its_own_bytes_new_again()
    {
        var result = ReleaseGate.Judge(Claim(7, expires: Now.AddDays(-1), signer: Bob), Us, Marked(7), ImmutableHashSet.Create(Bob), Time());

        Assert.Equal([ReleaseProblem.Expired], Problems(result));
    }

    [Fact]
    public void A_mark_made_without_signatures_does_not_bind_signed_releases_but_binds_unsigned_ones()
    {
        var marks = new ReleaseMarks(ReleaseMarks.None.Streams.Add(Stream, new ReleaseMark(long.MaxValue, Sha('f'), null)), null);

        Assert.True(ReleaseGate.Judge(Claim(1), Us, marks, Trusted, Time()).IsSuccess);
        Assert.Equal([ReleaseProblem.Replayed], Problems(ReleaseGate.Judge(Claim(1) with { Signature = null }, Us, marks, Trusted, Time())));
    }

    [Fact]
    public void Streams_are_apart()
    {
        var verdict = ReleaseGate.Judge(Claim(1) with { Stream = ReleaseStream.CommandGroup("beta") }, Us, Marked(7), Trusted, Time()).Value;

        Assert.Equal(7, verdict.Marks[Stream]!.Serial);
        Assert.Equal(1, verdict.Marks["command:group:beta"]!.Serial);
    }

    [Fact]
    public void Everything_wrong_is_said_at_once()
    {
        var result = ReleaseGate.Judge(Claim(1, target: "gateway:x", expires: Now.AddDays(-1), signed: Now.AddDays(2)), Us, Marked(7), Trusted, Time());

        Assert.Equal([ReleaseProblem.OtherTarget, ReleaseProblem.SignedInFuture, ReleaseProblem.Replayed, ReleaseProblem.Expired], Problems(result));
    }
}
