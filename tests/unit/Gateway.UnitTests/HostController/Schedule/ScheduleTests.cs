using System.Net.Sockets;
using System.Text;
using Gateway.HostController.Schedule;

namespace Gateway.UnitTests.HostController.Schedule;

public sealed class ScheduleTests
{
    [Fact]
    public void The_next_cycle_is_the_schedules_next_time_and_a_part_of_the_jitter()
    {
        var after = new DateTimeOffset(2026, 11, 21, 8, 1, 0, TimeSpan.Zero);
        Assert.Equal(after.AddMinutes(29), CycleSchedule.Next("0 0/30 * * * ?", TimeSpan.FromMinutes(2), 0, after)!.Value.ToUniversalTime());
        Assert.Equal(after.AddMinutes(30), CycleSchedule.Next("0 0/30 * * * ?", TimeSpan.FromMinutes(2), 0.5, after)!.Value.ToUniversalTime());
        Assert.Null(CycleSchedule.Next("0 0 0 1 1 ? 2020", TimeSpan.Zero, 0, after));
    }

    [Theory]
    [InlineData(0, 20, 0)]
    [InlineData(0, 5, 15)]
    [InlineData(-87_600, 5, 15)]
    [InlineData(-87_600, 20, 0)]
    [InlineData(24, 1, -86_381)]
    public void A_clock_that_is_set_makes_no_wait_longer(int hoursSet, int secondsGoneBy, int secondsLeft)
    {
        var clock = new SetClock();
        var appointment = new Appointment(clock.GetUtcNow().AddSeconds(20), clock);
        Assert.Equal(TimeSpan.FromSeconds(20), appointment.Left);

        clock.Elapsed = TimeSpan.FromSeconds(secondsGoneBy);
        clock.Set = TimeSpan.FromHours(hoursSet);

        Assert.Equal(TimeSpan.FromSeconds(secondsLeft), appointment.Left);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Systemd_is_told_on_a_socket_in_the_file_system_or_an_abstract_one(bool isAbstract)
    {
        var name = $"{Path.GetTempPath()}notify-{Guid.NewGuid():N}";
        using var listener = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(isAbstract ? "\0" + name : name));
        var variables = new Dictionary<string, string> { ["NOTIFY_SOCKET"] = isAbstract ? "@" + name : name, ["WATCHDOG_USEC"] = "3000000" };
        using var systemd = SystemdNotifier.Create(variable => variables.GetValueOrDefault(variable));
        systemd.Ready();
        var buffer = new byte[100];
        listener.ReceiveTimeout = 5000;
        Assert.Equal("READY=1", Encoding.UTF8.GetString(buffer, 0, listener.Receive(buffer)));
        Assert.Equal(TimeSpan.FromSeconds(3), systemd.Watchdog);
        File.Delete(name);
    }

    [Fact]
    public async Task A_systemd_that_reads_nothing_holds_nobody_up_for_long()
    {
        var name = $"{Path.GetTempPath()}notify-{Guid.NewGuid():N}";
        using var listener = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(name));
        using var other = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified) { Blocking = false };
        other.Connect(new UnixDomainSocketEndPoint(name));
        Assert.Equal(SocketError.WouldBlock, Assert.Throws<SocketException>(() => FillUp(other)).SocketErrorCode);
        using var systemd = SystemdNotifier.Create(variable => variable == "NOTIFY_SOCKET" ? name : null);
        await Task.Run(systemd.Stopping).WaitAsync(TimeSpan.FromSeconds(60));
        File.Delete(name);

        static void FillUp(Socket socket)
        {
            while (true)
            {
                socket.Send("full"u8);
            }
        }
    }

    [Fact]
    public void Without_systemd_nothing_is_told()
    {
        using var systemd = SystemdNotifier.Create(_ => null);
        systemd.Ready();
        Assert.Null(systemd.Watchdog);
    }

    /// <summary>A clock that time goes by on, and that somebody sets.</summary>
    private sealed class SetClock : TimeProvider
    {
        public TimeSpan Elapsed { get; set; }

        public TimeSpan Set { get; set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Elapsed.Ticks;

        public override DateTimeOffset GetUtcNow() => new DateTimeOffset(2036, 11, 21, 8, 0, 0, TimeSpan.Zero) + Elapsed + Set;
    }
}
