namespace Gateway.EndToEndTests;

/// <summary>The clock of a machine, moved as nobody would believe.</summary>
[Collection("gateway")]
public sealed class ScheduleTests(RunningGateway gateway)
{
    private const string Cycles = "journalctl -b --no-pager -o cat -u gateway-host-controller | { grep -c 'cycle ended with status 0' || true; }";

    [Fact]
    public async Task Three_days_of_schedule_pass_with_the_clock_moved()
    {
        await using var machine = await gateway.MachineAsync();
        await machine.ShellAsync("systemctl stop systemd-timesyncd gateway-host-controller; sed -i 's/^schedule:.*/schedule: \"0 0 3 * * ?\"/' /etc/gateway/host-controller.yaml");
        var atStop = int.Parse(await machine.ShellAsync(Cycles));
        await machine.ShellAsync("systemctl start gateway-host-controller");
        await machine.UntilAsync("the first cycle", TimeSpan.FromMinutes(4), $"test $({Cycles}) -eq {atStop + 1}");
        for (var day = 1; day <= 3; day++)
        {
            var before = int.Parse(await machine.ShellAsync(Cycles));
            await machine.ShellAsync("date -s \"$(date -d 'tomorrow 02:59:58' '+%Y-%m-%d %H:%M:%S')\"");
            await machine.UntilAsync($"the cycle of day {day}", TimeSpan.FromMinutes(4), $"test $({Cycles}) -eq {before + 1}");
        }

        await RunningGateway.RunsAsync(machine);
    }

    [Theory]
    [InlineData("1970-01-02 00:00:00")]
    [InlineData("2036-11-21 12:00:00")]
    public async Task A_wrong_clock_stops_nothing_and_locks_nothing_out(string clock)
    {
        await using var machine = await gateway.MachineAsync();
        await machine.ShellAsync($"systemctl stop systemd-timesyncd; date -s '{clock}'");
        var before = int.Parse(await machine.ShellAsync(Cycles));
        await gateway.PublishAsync(gateway.Tasks("- copy: {dest: /root/seen, content: wrong}", RunningGateway.SupervisorTask(gateway.Supervisor)));
        await machine.UntilAsync("cycles go on", TimeSpan.FromMinutes(4), $"test $({Cycles}) -ge {before + 2}");

        await machine.ShellAsync($"date -s '@{DateTimeOffset.UtcNow.ToUnixTimeSeconds()}'");
        await gateway.PublishAsync(gateway.Tasks("- copy: {dest: /root/seen, content: right}", RunningGateway.SupervisorTask(gateway.Supervisor)));

        await machine.UntilAsync("the next release", TimeSpan.FromMinutes(4), "grep -q right /root/seen");
        await RunningGateway.RunsAsync(machine);
    }

    [Fact]
    public async Task What_has_expired_is_not_let_in_by_a_clock_that_is_set_back()
    {
        await using var machine = await gateway.MachineAsync();
        await machine.ShellAsync("systemctl stop systemd-timesyncd");
        // Before the release that the machine accepted last was signed.
        var until = DateTimeOffset.Parse(await machine.ShellAsync("date -u +%Y-%m-%dT%H:%M:%SZ"), System.Globalization.CultureInfo.InvariantCulture).AddMinutes(-10);
        await gateway.Site.PublishPlaybookAsync(100_000, "tasks: [{copy: {dest: /root/expired, content: in}}]", until);
        await machine.ShellAsync("date -s '2001-01-01 00:00:00'");

        await machine.UntilAsync("a refusal", TimeSpan.FromMinutes(4), "journalctl --no-pager -u gateway-host-controller | grep -q 'expired at'");

        Assert.False((await machine.TryAsync("test", "-e", "/root/expired")).IsSuccess);
    }
}
