using System.Collections.Immutable;
using FsCheck;
using FsCheck.Fluent;
using Gateway.Core.Releases;
using Gateway.Core.Trust;

namespace Gateway.UnitTests.Core.Releases;

/// <summary>What holds whatever documents arrive in whatever order, with clocks set forwards and back.</summary>
public class ReleaseGateProperties
{
    private static readonly string[] Streams = ["playbook", "desired:gateway", "desired:group:beta"];
    private static readonly string[] Targets = ["all", "gateway:gw-1", "gateway:gw-2", "group:beta", "group:alpha"];
    private static readonly string Signer = new('A', 40);
    private static readonly DateTimeOffset Build = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly GatewayIdentity Us = new("gw-1", ["beta"]);

    private sealed record Arrival(ReleaseClaim Claim, DateTimeOffset Clock);

    private static Gen<Arrival> Arrivals =>
        from stream in Gen.Elements(Streams)
        from target in Gen.Elements(Targets)
        from serial in Gen.Choose(1, 6)
        from content in Gen.Elements('a', 'b')
        from expires in Gen.Choose(-300, 300)
        from signed in Gen.Choose(-300, 300)
        from clock in Gen.Choose(-300, 300)
        select new Arrival(
            new ReleaseClaim("x", stream, new Release(serial, Build.AddDays(expires), [target]), new string(content, 64), new GoodSignature(Signer, Signer, Build.AddDays(signed))),
            Build.AddDays(clock));

    private static void ForAllSequences(Action<ReleaseMarks, Arrival, ReleaseVerdict?> check) =>
        Prop.ForAll(Arb.From(Gen.ArrayOf(Arrivals)), arrivals =>
        {
            var marks = ReleaseMarks.None;
            foreach (var arrival in arrivals)
            {
                var result = ReleaseGate.Judge(arrival.Claim, Us, marks, ImmutableHashSet.Create(Signer), new TrustedTime(arrival.Clock, marks.NewestSigned, Build));
                check(marks, arrival, result.IsSuccess ? result.Value : null);
                marks = result.IsSuccess ? result.Value.Marks : marks;
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void No_sequence_of_documents_lowers_a_mark_or_changes_its_content() => ForAllSequences((before, _, verdict) =>
    {
        foreach (var (stream, mark) in before.Streams)
        {
            var after = (verdict?.Marks ?? before)[stream];
            Assert.NotNull(after);
            Assert.True(after.Serial > mark.Serial || after == mark);
        }
    });

    [Fact]
    public void A_document_touches_no_stream_but_its_own() => ForAllSequences((before, arrival, verdict) =>
    {
        if (verdict is not null)
        {
            Assert.Equal(before.Streams.Remove(arrival.Claim.Stream), verdict.Marks.Streams.Remove(arrival.Claim.Stream));
        }
    });

    [Fact]
    public void Our_time_never_runs_back_and_never_jumps_more_than_a_day_ahead() => ForAllSequences((before, arrival, verdict) =>
    {
        if (verdict is not null)
        {
            Assert.False(verdict.Marks.NewestSigned < before.NewestSigned);
            var now = new TrustedTime(arrival.Clock, before.NewestSigned, Build).Now;
            Assert.False(verdict.Marks.NewestSigned > now.AddHours(24));
        }
    });

    [Fact]
    public void What_was_accepted_once_is_already_accepted_until_something_newer_comes() => ForAllSequences((before, arrival, verdict) =>
    {
        if (verdict is null)
        {
            return;
        }

        var again = ReleaseGate.Judge(arrival.Claim, Us, verdict.Marks, ImmutableHashSet.Create(Signer), new TrustedTime(arrival.Clock, verdict.Marks.NewestSigned, Build));
        Assert.True(again.Value.AlreadyAccepted);
        Assert.Equal(verdict.Marks, again.Value.Marks);
        Assert.Equal(before[arrival.Claim.Stream] == verdict.Marks[arrival.Claim.Stream], verdict.AlreadyAccepted);
    });

    [Fact]
    public void Nothing_for_somebody_else_and_nothing_new_that_has_expired_gets_in() => ForAllSequences((before, arrival, verdict) =>
    {
        if (verdict is not null)
        {
            Assert.DoesNotContain(arrival.Claim.Release.Targets[0], new[] { "gateway:gw-2", "group:alpha" });
            Assert.True(verdict.AlreadyAccepted || arrival.Claim.Release.Expires >= arrival.Clock);
        }
    });
}
