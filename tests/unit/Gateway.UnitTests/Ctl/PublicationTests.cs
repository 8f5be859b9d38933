using System.Text;
using Gateway.Ctl.Broker;

namespace Gateway.UnitTests.Ctl;

public class PublicationTests
{
    private static readonly DateTimeOffset T0 = DateTimeOffset.UnixEpoch;

    [Fact]
    public void In_force_and_applied_is_applied_even_when_retained() =>
        Assert.Equal(Outcome.Applied, Of(null).Judge(Status("""{"serial":2,"sha256":"us","state":"applied"}"""), isFresh: false, T0).Outcome);

    [Fact]
    public void A_refusal_left_over_from_before_is_believed_only_when_it_lasts()
    {
        var before = Status("""{"serial":1,"sha256":"x","state":"applied","refused":{"serial":2,"reason":"bad"}}""");
        var publication = Of(before);

        Assert.Equal(Outcome.Pending, publication.Judge(before, isFresh: false, T0).Outcome);
        Assert.Equal(Outcome.Pending, publication.Judge(before, isFresh: true, T0).Outcome);
        Assert.Equal(Outcome.Refused, publication.Judge(before, isFresh: true, T0 + Publication.Settling).Outcome);
    }

    [Fact]
    public void Another_serials_refusal_is_not_ours() =>
        Assert.Equal(Outcome.Pending, Of(null).Judge(Status("""{"serial":1,"sha256":"x","state":"applied","refused":{"serial":9,"reason":"bad"}}"""), isFresh: true, T0).Outcome);

    [Fact]
    public void A_refusal_without_serial_is_ours_when_it_is_new() =>
        Assert.Equal(
            (Outcome.Refused, "not signed"),
            Of(Status("""{"serial":1,"sha256":"x","state":"applied"}""")).Judge(Status("""{"serial":1,"sha256":"x","state":"applied","refused":{"serial":null,"reason":"not signed"}}"""), isFresh: true, T0));

    [Fact]
    public void A_failure_after_an_update_was_seen_is_believed_at_once()
    {
        var publication = Of(null);

        Assert.Equal(Outcome.Pending, publication.Judge(Status(Pending, "updating"), isFresh: true, T0).Outcome);
        Assert.Equal(Outcome.Failed, publication.Judge(Status(Pending, "failed"), isFresh: true, T0).Outcome);
    }

    [Fact]
    public void A_failure_that_may_be_an_older_one_must_last()
    {
        var publication = Of(null);

        Assert.Equal(Outcome.Pending, publication.Judge(Status(Pending, "failed"), isFresh: true, T0).Outcome);
        Assert.Equal(Outcome.Failed, publication.Judge(Status(Pending, "failed"), isFresh: true, T0 + Publication.Settling).Outcome);
    }

    private const string Pending = """{"serial":2,"sha256":"us","state":"pending"}""";

    private static Publication Of(StatusView? before) => new("gateway", 2, "us", ["app"], before);

    private static StatusView Status(string source, string state = "running") => StatusReader.Read("t", Encoding.UTF8.GetBytes(
        "{\"gateway\":\"g\",\"desired\":{\"gateway\":" + source + "},\"applications\":{\"app\":{\"state\":\"" + state + "\",\"services\":{}}}}")).Value;
}
