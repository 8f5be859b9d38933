using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Gateway.ContainerSupervisor.When;

namespace Gateway.UnitTests.ContainerSupervisor.When;

public sealed class ChangeTimesTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    [Fact]
    public void Without_windows_and_locks_changes_may_always_begin() =>
        Assert.True(new ChangeTimes([]).Gate([], At("2026-03-01T12:00:00Z")).IsOpen);

    [Theory]
    [InlineData("2026-03-02T01:59:59Z", false)]
    [InlineData("2026-03-02T02:00:00Z", true)]
    [InlineData("2026-03-02T02:00:00.4Z", true)]
    [InlineData("2026-03-02T03:59:59.9Z", true)]
    [InlineData("2026-03-02T04:00:00Z", false)]
    public void A_window_is_open_from_its_time_up_to_its_end(string now, bool open) =>
        Assert.Equal(open, new ChangeTimes([Window("0 0 2 * * ?", "2h")]).Gate([], At(now)).IsOpen);

    [Fact]
    public void Outside_it_says_when_the_next_one_opens()
    {
        var times = new ChangeTimes([Window("0 0 2 ? * SUN", "1h"), Window("0 30 22 ? * WED", "30m")]);
        var gate = times.Gate([], At("2026-03-02T10:00:00Z"));
        Assert.Equal(("outside the maintenance windows", At("2026-03-04T22:30:00Z")), (gate.Reason, gate.Until));
        Assert.Equal(At("2026-03-08T02:00:00Z"), times.Gate([], At("2026-03-04T23:00:00Z")).Until);
        // The clock was set back: what was remembered no longer counts.
        Assert.Equal(At("2026-03-04T22:30:00Z"), times.Gate([], At("2026-03-02T10:00:00Z")).Until);
    }

    [Fact]
    public void Windows_that_overlap_are_open_until_the_last_of_them_ends()
    {
        var times = new ChangeTimes([Window("0 0 2 * * ?", "2h"), Window("0 0 3 * * ?", "2h")]);
        Assert.True(times.Gate([], At("2026-03-02T04:30:00Z")).IsOpen);
        Assert.False(times.Gate([], At("2026-03-02T05:00:00Z")).IsOpen);
        // One that opens again before it has closed.
        var always = new ChangeTimes([Window("0 0 * * * ?", "90m")]);
        Assert.True(Enumerable.Range(0, 240).All(minute => always.Gate([], At("2026-03-02T00:00:00Z").AddMinutes(minute)).IsOpen));
    }

    [Theory]
    // The clock goes from 02:00 to 03:00 on this day; 02:30 does not exist, and the night still has its window.
    [InlineData("0 30 2 * * ?", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z")]
    [InlineData("0 0 4 * * ?", "2026-03-28T12:00:00Z", "2026-03-29T02:00:00Z")]
    // The clock goes back from 03:00 to 02:00; 02:30 comes twice.
    [InlineData("0 30 2 * * ?", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z")]
    [InlineData("0 0 4 * * ?", "2026-10-24T12:00:00Z", "2026-10-25T03:00:00Z")]
    public void A_day_on_which_the_clock_changes_has_its_window(string schedule, string now, string opens)
    {
        var times = new ChangeTimes([new ChangeWindow(schedule, TimeSpan.FromHours(1), Berlin)]);
        Assert.Equal(At(opens), times.Gate([], At(now)).Until);
        Assert.True(times.Gate([], At(opens)).IsOpen);
        Assert.True(times.Gate([], At(opens).AddMinutes(59)).IsOpen);
        Assert.False(times.Gate([], At(opens).AddMinutes(-1)).IsOpen);
    }

    [Fact]
    public void The_hour_that_comes_twice_has_its_window_twice()
    {
        var times = new ChangeTimes([new ChangeWindow("0 30 2 * * ?", TimeSpan.FromMinutes(10), Berlin)]);
        var minutes = Enumerable.Range(0, 24 * 60).Count(minute => times.Gate([], At("2026-10-24T22:00:00Z").AddMinutes(minute)).IsOpen);
        Assert.Equal(20, minutes);
    }

    [Fact]
    public void A_window_over_the_change_of_the_clock_lasts_its_duration()
    {
        var times = new ChangeTimes([new ChangeWindow("0 0 1 * * ?", TimeSpan.FromHours(3), Berlin)]);
        Assert.True(times.Gate([], At("2026-03-29T02:59:00Z")).IsOpen);
        Assert.False(times.Gate([], At("2026-03-29T03:00:00Z")).IsOpen);
    }

    [Fact]
    public void A_window_far_away_is_found_and_found_once()
    {
        var times = new ChangeTimes([Window("0 0 0 29 2 ? 2096", "1h"), Window("0 0 0 1 1 ? 2020", "1h")]);
        Assert.Equal(At("2096-02-29T00:00:00Z"), times.Gate([], At("2026-03-02T10:00:00Z")).Until);
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 1000; i++)
        {
            Assert.False(times.Gate([], At("2026-03-02T10:00:00Z").AddSeconds(i)).IsOpen);
        }

        Assert.InRange(clock.ElapsedMilliseconds, 0, 1000);
    }

    [Fact]
    public void Windows_that_never_come_again_hold_changes_up_without_an_end()
    {
        var gate = new ChangeTimes([Window("0 0 0 1 1 ? 2020", "1h")]).Gate([], At("2026-03-02T10:00:00Z"));
        Assert.Equal(("outside the maintenance windows", (DateTimeOffset?)null), (gate.Reason, gate.Until));
    }

    [Fact]
    public void All_locks_must_end_and_a_window_be_open_then()
    {
        ImmutableArray<UpdateLock> locks = [new("metering/db", At("2026-03-02T02:30:00Z"), "in production"), new("press", At("2026-03-02T03:30:00Z"), null)];
        var free = new ChangeTimes([]).Gate(locks, At("2026-03-02T02:00:00Z"));
        Assert.Equal(("locked by metering/db (in production), press", At("2026-03-02T03:30:00Z")), (free.Reason, free.Until));
        // Inside a window that is over when the last lock ends: the next one counts.
        var windowed = new ChangeTimes([Window("0 0 2 * * ?", "1h")]);
        Assert.Equal(At("2026-03-03T02:00:00Z"), windowed.Gate(locks, At("2026-03-02T02:00:00Z")).Until);
        Assert.Equal("locked by metering/db (in production), press; outside the maintenance windows", windowed.Gate(locks, At("2026-03-02T01:00:00Z")).Reason);
        // Still open when the first one ends.
        Assert.Equal(At("2026-03-02T02:30:00Z"), windowed.Gate([locks[0]], At("2026-03-02T02:00:00Z")).Until);
    }

    private static ChangeWindow Window(string schedule, string duration) =>
        new(schedule, Gateway.Core.Yaml.Durations.TryParse(duration, out var parsed) ? parsed : throw new FormatException(duration), TimeZoneInfo.Utc);

    private static DateTimeOffset At(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
