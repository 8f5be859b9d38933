using Gateway.HostController.Reboots;

namespace Gateway.UnitTests.HostController.Reboots;

/// <summary>The machine of reboots alone: nothing but records.</summary>
public sealed class RebootMachineTests
{
    private static readonly RunKey Run = new("playbook", "a", []);

    [Fact]
    public void A_run_goes_on_after_the_boot_it_asked_for()
    {
        var asked = Asked(RebootRecord.Empty);
        var (next, verdict) = RebootMachine.Begin(asked, Run, "two");
        Assert.Equal((RebootVerdict.Resume, RebootPhase.Resuming), (verdict, next.Pending!.Phase));
        Assert.Null(RebootMachine.End(next, Run, rebooted: true).Pending);
    }

    [Fact]
    public void A_boot_that_never_comes_is_asked_for_three_times_and_then_given_up()
    {
        var record = Asked(RebootRecord.Empty);
        var verdicts = new List<RebootVerdict>();
        for (var start = 0; start < 4; start++)
        {
            (record, var verdict) = RebootMachine.Begin(record, Run, "one");
            verdicts.Add(verdict);
        }

        Assert.Equal([RebootVerdict.RebootAgain, RebootVerdict.RebootAgain, RebootVerdict.NeverBooted, RebootVerdict.Anew], verdicts);
    }

    [Fact]
    public void Power_that_goes_while_a_run_goes_on_lets_it_go_on_again_but_not_for_ever()
    {
        var record = Asked(RebootRecord.Empty);
        var verdicts = new List<RebootVerdict>();
        for (var boot = 0; boot < 5; boot++)
        {
            (record, var verdict) = RebootMachine.Begin(record, Run, $"boot {boot}");
            verdicts.Add(verdict);
        }

        Assert.Equal([RebootVerdict.Resume, RebootVerdict.Resume, RebootVerdict.Resume, RebootVerdict.CutOff, RebootVerdict.Anew], verdicts);
    }

    [Fact]
    public void A_playbook_that_reboots_in_every_run_is_stopped_until_a_run_needs_none()
    {
        var record = RebootRecord.Empty;
        for (var run = 0; run < RebootMachine.MostReboots; run++)
        {
            record = RebootMachine.End(Asked(record), Run, rebooted: true);
        }

        Assert.Null(RebootMachine.Ask(record, Wanted(Run)));
        Assert.NotNull(RebootMachine.Ask(record, Wanted(Run with { Sha256 = "b" })));
        Assert.NotNull(RebootMachine.Ask(RebootMachine.End(record, Run, rebooted: false), Wanted(Run)));
    }

    [Fact]
    public void A_playbook_that_changed_meanwhile_begins_at_its_beginning()
    {
        var (next, verdict) = RebootMachine.Begin(Asked(RebootRecord.Empty), Run with { Sha256 = "b" }, "two");
        Assert.Equal(RebootVerdict.Superseded, verdict);
        Assert.Null(next.Pending);
    }

    [Fact]
    public void Another_stream_leaves_a_run_that_waits_alone()
    {
        var asked = Asked(RebootRecord.Empty);
        Assert.Equal((asked, RebootVerdict.Anew), RebootMachine.Begin(asked, Run with { Stream = "playbook:beta" }, "two"));
    }

    private static RebootRecord Asked(RebootRecord record) => RebootMachine.Ask(record, Wanted(Run))!;

    private static PendingReboot Wanted(RunKey run) => new(run, RebootPhase.Rebooting, "one", 1, DateTimeOffset.UnixEpoch, TimeSpan.Zero, TimeSpan.Zero, []);
}
