using System.Text;
using Gateway.Ctl.Broker;
using Gateway.Ctl.Output;

namespace Gateway.UnitTests.Ctl;

public class StatusReaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"gateway\":1}")]
    [InlineData("{\"gateway\":\"g\"")]
    public void What_is_no_status_is_refused(string json) => Assert.False(StatusReader.Read("t", Encoding.UTF8.GetBytes(json)).IsSuccess);

    [Fact]
    public void Members_of_other_types_are_taken_as_unknown()
    {
        var status = StatusReader.Read("t", """{"gateway":"g","groups":"x","desired":[],"applications":{"a":1},"errors":[1],"new":{}}"""u8.ToArray()).Value;

        Assert.Empty(status.Groups);
        Assert.Empty(status.Desired);
        Assert.Equal("unknown", status.Applications["a"].State);
    }

    [Fact]
    public void Control_characters_of_a_gateway_do_not_reach_the_terminal()
    {
        var status = StatusReader.Read("t", Encoding.UTF8.GetBytes("{\"gateway\":\"g\",\"applications\":{\"a\":{\"state\":\"failed\",\"reason\":\"\\u001b[2Jx\\ny\"}}}")).Value;
        using var output = new StringWriter();
        StatusText.WriteOne(new Terminal(output, output, Styled: false), new Fleet.Member("g", "online", status, default));

        Assert.DoesNotContain('\u001b', output.ToString());
        Assert.Contains("x; y", output.ToString());
    }

    [Fact]
    public void A_wait_is_shown_with_its_reason_its_end_and_who_holds_the_lock()
    {
        var status = StatusReader.Read("t", """
            {"gateway":"g","applications":{"a":{"state":"waiting","reason":"locked by press","until":"2026-05-01T04:00:00Z"}},
             "locks":[{"owner":"press","until":"2026-05-01T04:00:00Z","reason":"a job runs"}]}
            """u8.ToArray()).Value;
        using var output = new StringWriter();
        StatusText.WriteOne(new Terminal(output, output, Styled: false), new Fleet.Member("g", "online", status, default));

        Assert.Contains("a: locked by press (until 2026-05-01T04:00:00Z)\n", output.ToString());
        Assert.Contains("locked by press until 2026-05-01T04:00:00Z: a job runs\n", output.ToString());
    }

    [Fact]
    public void Tables_line_up()
    {
        using var output = new StringWriter();
        var table = new Table("A", "LONGER");
        table.Add("abc", "");
        table.Write(new Terminal(output, output, Styled: false));

        Assert.Equal("A    LONGER\nabc  -\n", output.ToString());
    }
}
