using Gateway.HostController.Configuration;
using Gateway.HostController.Cycle;

namespace Gateway.UnitTests.HostController.Cycle;

public sealed class CycleDecisionTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 8, 0, 0, TimeSpan.Zero);

    private static bool Applies(Reapply reapply, TimeSpan? ago, bool force = false, string applied = "a") =>
        CycleDecision.Of("a", ago is { } time ? new AppliedRecord(applied, Now - time, 0) : null, reapply, force, Now).Apply;

    [Fact]
    public void A_playbook_not_yet_applied_to_its_end_is_applied_whatever_reapply_says()
    {
        Assert.True(Applies(Reapply.Changed, null));
        Assert.True(Applies(Reapply.Changed, TimeSpan.FromMinutes(1), applied: "another"));
    }

    [Fact]
    public void Always_applies_each_cycle_and_changed_never_again()
    {
        Assert.True(Applies(Reapply.Always, TimeSpan.Zero));
        Assert.False(Applies(Reapply.Changed, TimeSpan.FromDays(1000)));
        Assert.True(Applies(Reapply.Changed, TimeSpan.FromMinutes(1), force: true));
    }

    [Theory]
    [InlineData(59, false)]
    [InlineData(60, true)]
    [InlineData(-60, true)]
    public void A_duration_counts_from_the_last_time_and_a_clock_set_back_stops_nothing(int minutesAgo, bool applies) =>
        Assert.Equal(applies, Applies(new Reapply(TimeSpan.FromHours(1)), TimeSpan.FromMinutes(minutesAgo)));
}
