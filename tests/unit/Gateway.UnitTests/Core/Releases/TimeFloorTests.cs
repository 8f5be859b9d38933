using Gateway.Core.Releases;

namespace Gateway.UnitTests.Core.Releases;

/// <summary>The time floor against every kind of wrong clock. What it says must never be later than the truth.</summary>
public sealed class TimeFloorTests : IDisposable
{
    private static readonly DateTimeOffset Signed = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private readonly string folder = Directory.CreateTempSubdirectory("time-floor-").FullName;
    private readonly Machine machine = new();
    private string boot = "first";

    private TimeFloor Floor => new(folder, machine, boot);

    private string File => Path.Combine(folder, "time-floor.json");

    [Fact]
    public void What_passes_is_counted_whatever_the_clock_says()
    {
        Assert.Equal(Signed, Floor.Raise(Signed).Value);
        machine.Clock = DateTimeOffset.UnixEpoch;
        machine.Uptime += TimeSpan.FromDays(90);

        Assert.Equal(Signed.AddDays(90), Floor.At(Signed));

        machine.Clock = Signed.AddYears(10);
        machine.Uptime += TimeSpan.FromDays(1);
        Assert.Equal(Signed.AddDays(91), Floor.Raise(Signed).Value);
    }

    [Fact]
    public void It_outlives_a_boot_which_counts_from_its_own_beginning()
    {
        _ = Floor.Raise(Signed);
        machine.Uptime += TimeSpan.FromDays(30);
        _ = Floor.Raise(Signed);
        (boot, machine.Uptime) = ("second", TimeSpan.FromSeconds(5));

        Assert.Equal(Signed.AddDays(30), Floor.Raise(Signed).Value);

        machine.Uptime += TimeSpan.FromDays(2);
        Assert.Equal(Signed.AddDays(32), Floor.At(Signed));
    }

    [Fact]
    public void A_newer_signature_raises_it_and_an_older_one_does_not_lower_it()
    {
        _ = Floor.Raise(Signed);
        Assert.Equal(Signed.AddDays(400), Floor.Raise(Signed.AddDays(400)).Value);
        Assert.Equal(Signed.AddDays(400), Floor.Raise(Signed.AddDays(-400)).Value);
    }

    [Fact]
    public void Flash_is_spared_and_a_damaged_file_is_as_good_as_none()
    {
        _ = Floor.Raise(Signed);
        var written = System.IO.File.ReadAllText(File);
        machine.Uptime += TimeSpan.FromMinutes(59);
        _ = Floor.Raise(Signed);
        Assert.Equal(written, System.IO.File.ReadAllText(File));
        machine.Uptime += TimeSpan.FromMinutes(1);
        _ = Floor.Raise(Signed);
        Assert.NotEqual(written, System.IO.File.ReadAllText(File));

        foreach (var damage in new[] { "", "{", "{\"schema\":2}", "null", "{\"schema\":1,\"time\":null,\"bootId\":\"first\",\"uptimeSeconds\":0}" })
        {
            System.IO.File.WriteAllText(File, damage);
            Assert.Equal(Signed, Floor.At(Signed));
            Assert.True(Floor.Raise(Signed).IsSuccess);
        }
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z")]
    [InlineData("2027-01-15T00:00:00Z")]
    public void What_had_expired_before_stays_expired_when_the_clock_is_set_back(string clock)
    {
        _ = Floor.Raise(Signed);
        machine.Uptime += TimeSpan.FromDays(90);
        machine.Clock = DateTimeOffset.Parse(clock, System.Globalization.CultureInfo.InvariantCulture);
        var time = TrustedTime.Of(machine, new ReleaseMarks(ReleaseMarks.None.Streams, Signed), Floor);
        var claim = new ReleaseClaim("site.yml", "playbook", new Release(2, Signed.AddDays(60), ["all"]), new string('a', 64), null);

        var verdict = ReleaseGate.Judge(claim, new GatewayIdentity("gw", []), ReleaseMarks.None, new HashSet<string>(), time);

        Assert.Equal(ReleaseProblem.Expired, Assert.IsType<ReleaseFailure>(Assert.Single(verdict.Failures)).Problem);
    }

    [Fact]
    public void A_clock_that_was_ten_years_ahead_for_a_while_locks_nothing_out()
    {
        machine.Clock = Signed.AddYears(10);
        _ = Floor.Raise(Signed);
        machine.Uptime += TimeSpan.FromHours(3);
        _ = Floor.Raise(Signed);
        machine.Clock = Signed.AddHours(4);

        var time = TrustedTime.Of(machine, new ReleaseMarks(ReleaseMarks.None.Streams, Signed), Floor);

        Assert.Equal(machine.Clock > BuildTime.Value ? machine.Clock : BuildTime.Value, time.Now);
    }

    public void Dispose() => Directory.Delete(folder, true);

    private sealed class Machine : TimeProvider
    {
        public DateTimeOffset Clock { get; set; } = Signed;

        public TimeSpan Uptime { get; set; } = TimeSpan.FromMinutes(1);

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Uptime.Ticks;

        public override DateTimeOffset GetUtcNow() => Clock;
    }
}
