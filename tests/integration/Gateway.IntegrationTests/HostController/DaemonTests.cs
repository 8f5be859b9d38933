using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using Gateway.IntegrationTests.Fixtures;
using Play = Gateway.IntegrationTests.HostController.GatewayUnderTest;

namespace Gateway.IntegrationTests.HostController;

/// <summary>The daemon, and the first three tests of the Flex4Grid thesis's Table 6.</summary>
public sealed class DaemonTests
{
    private const string EverySecond = "schedule: '* * * * * ?'\nstart_delay: 1\njitter: 0";

    private static async Task<GatewayUnderTest> WithLedAsync(string more)
    {
        var gateway = await Play.CreateAsync();
        var led = Directory.CreateDirectory(gateway.At("sys/class/leds/PWR")).FullName;
        await File.WriteAllTextAsync(Path.Combine(led, "trigger"), "none timer [heartbeat] default-on\n");
        await File.WriteAllTextAsync(Path.Combine(led, "brightness"), "0\n");
        await File.WriteAllTextAsync(Path.Combine(led, "max_brightness"), "255\n");
        await gateway.ConfigureAsync($"led: PWR\n{more}");
        return gateway;
    }

    [Fact]
    public async Task Test_01_Host_controller_runs_shortly_after_start_and_periodically()
    {
        await using var gateway = await WithLedAsync(EverySecond);
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        // Slow enough to be seen flashing.
        gateway.Server.Fail("pb.yml", new HttpFault.Slow(500), 1);
        using var daemon = gateway.StartDaemon();
        var brightness = gateway.At("sys/class/leds/PWR/brightness");
        var flashes = new HashSet<string>(StringComparer.Ordinal);
        await gateway.UntilAsync(() => flashes.Add(File.ReadAllText(brightness).Trim()) | flashes.IsSupersetOf(["0", "255"]) && gateway.Log.Contains("cycle begins", StringComparison.Ordinal), "the LED flashes during the first cycle");
        await gateway.UntilAsync(() => gateway.Log.Split("cycle ended with status 0").Length > 3, "three cycles have run");
        Assert.Equal(0, await Play.TerminateAsync(daemon));
        Assert.Contains("first cycle in 1 s", gateway.Log, StringComparison.Ordinal);
        Assert.Equal("heartbeat", await File.ReadAllTextAsync(gateway.At("sys/class/leds/PWR/trigger")));
        Assert.Equal("0", (await File.ReadAllTextAsync(brightness)).Trim());
        Assert.Equal("one", gateway.Target);
    }

    [Fact]
    public async Task Test_02_downloads_and_verifies_a_playbook()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.PublishAsync(Play.Playbook(42, "one"));
        var log = await gateway.CycleAsync(0);
        Assert.Contains($"{gateway.Server.Url("pb.yml")} downloaded", log, StringComparison.Ordinal);
        Assert.Contains($"accepted serial 42, signed by {gateway.Key}", log, StringComparison.Ordinal);
        Assert.Contains("task First", log, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_03_executes_all_tasks()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        var log = await gateway.CycleAsync(0);
        Assert.Contains("task First (copy): changed", log, StringComparison.Ordinal);
        Assert.Contains("task Second (debug): ok", log, StringComparison.Ordinal);
        Assert.Equal("one", gateway.Target);
        Assert.Contains("task First (copy): ok", await gateway.CycleAsync(0), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Systemd_hears_that_it_is_ready_and_alive_and_no_port_is_opened()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync("schedule: '* * * * * ?'\nstart_delay: 0\njitter: 0");
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        using var listener = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(gateway.At("notify")));
        using var daemon = gateway.StartDaemon(new Dictionary<string, string> { ["NOTIFY_SOCKET"] = gateway.At("notify"), ["WATCHDOG_USEC"] = "600000" });
        listener.ReceiveTimeout = 10_000;
        var heard = new List<string>();
        var buffer = new byte[1000];
        while (!heard.Contains("READY=1") || heard.Count(message => message == "WATCHDOG=1") < 3 || !heard.Any(message => message.StartsWith("STATUS=last cycle", StringComparison.Ordinal)))
        {
            heard.Add(Encoding.UTF8.GetString(buffer, 0, listener.Receive(buffer)));
            Assert.Empty(ListeningSockets(daemon.Id));
            Assert.True(heard.Count < 200, string.Join('\n', heard) + gateway.Log);
        }

        using var status = await gateway.StatusAsync();
        Assert.Equal(daemon.Id, status.RootElement.GetProperty("daemon").GetProperty("pid").GetInt32());
        Assert.Equal(0, await Play.TerminateAsync(daemon));
        Assert.False(File.Exists(gateway.At("run/gateway/host-controller.daemon.json")));
    }

    [Fact]
    public async Task A_crash_in_the_middle_leaves_the_lock_free_and_the_LED_is_restored_at_the_next_start()
    {
        await using var gateway = await WithLedAsync("schedule: '0 0 0 1 1 ?'\nstart_delay: 0\njitter: 0");
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        gateway.Server.Fail("pb.yml", new HttpFault.Hang());
        using (var crashing = gateway.StartDaemon())
        {
            await gateway.UntilAsync(() => File.ReadAllText(gateway.At("sys/class/leds/PWR/trigger")) == "none", "the LED flashes");
            crashing.Kill();
            await crashing.WaitForExitAsync();
        }

        Assert.True(File.Exists(gateway.At("run/gateway/host-controller.led.json")), "how it was before is not written down");
        gateway.Server.Heal();
        await gateway.CycleAsync(0);
        Assert.Equal("heartbeat", await File.ReadAllTextAsync(gateway.At("sys/class/leds/PWR/trigger")));
    }

    [Fact]
    public async Task Only_one_works_at_a_time_and_a_stop_in_the_middle_of_a_fetch_ends_soon()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync("schedule: '0 0 0 1 1 ?'\nstart_delay: 0\njitter: 0");
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        gateway.Server.Fail("pb.yml", new HttpFault.Hang());
        using var daemon = gateway.StartDaemon();
        await gateway.UntilAsync(() => gateway.Log.Contains("cycle begins", StringComparison.Ordinal), "the cycle begins");
        Assert.Contains($"(daemon, process {daemon.Id})", await gateway.CycleAsync(1), StringComparison.Ordinal);
        var watch = Stopwatch.StartNew();
        Assert.Equal(0, await Play.TerminateAsync(daemon));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5), $"{watch.Elapsed}");
        gateway.Server.Heal();
        await gateway.CycleAsync(0);
        Assert.Equal("one", gateway.Target);
    }

    [Fact]
    public async Task A_configuration_broken_while_it_runs_is_told_and_the_last_good_one_stays_in_force()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync(EverySecond);
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        using var daemon = gateway.StartDaemon();
        await gateway.UntilAsync(() => gateway.Log.Contains("cycle ended with status 0", StringComparison.Ordinal), "a cycle has run");
        await File.AppendAllTextAsync(gateway.At("etc/gateway/host-controller.yaml"), "\nnonsense: 1\n");
        await gateway.UntilAsync(() => gateway.Log.Contains("the configuration has no key 'nonsense'", StringComparison.Ordinal), "it is told");
        await gateway.PublishAsync(Play.Playbook(2, "two"));
        await gateway.UntilAsync(() => gateway.Target == "two", "cycles go on");
        Assert.Equal(0, await Play.TerminateAsync(daemon));
    }

    [Theory]
    [InlineData("gateway_id: [")]
    [InlineData("")]
    [InlineData("gateway_id: gw-1\n")]
    public async Task With_a_configuration_broken_before_it_starts_the_last_good_one_goes_on_and_status_tells(string broken)
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync(EverySecond);
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        using (var first = gateway.StartDaemon())
        {
            await gateway.UntilAsync(() => gateway.Target == "one", "a cycle has run", 90);
            Assert.Equal(0, await Play.TerminateAsync(first));
        }

        await File.WriteAllTextAsync(gateway.At("etc/gateway/host-controller.yaml"), broken);
        await gateway.PublishAsync(Play.Playbook(2, "two"));
        using var second = gateway.StartDaemon();
        await gateway.UntilAsync(() => gateway.Target == "two", "cycles go on", 90);

        Assert.Contains("the last good configuration stays in force", gateway.Log, StringComparison.Ordinal);
        using var status = await gateway.StatusAsync();
        Assert.Contains(status.RootElement.GetProperty("warnings").EnumerateArray(), warning => warning.GetString()!.Contains("the last good configuration stays in force", StringComparison.Ordinal));
        var doctor = await gateway.RunAsync("doctor", "--self");
        Assert.Equal(1, doctor.ExitCode);
        Assert.Contains("PROBLEM  configuration", doctor.StandardOutput, StringComparison.Ordinal);
        Assert.Equal(0, await Play.TerminateAsync(second));
    }

    [Fact]
    public async Task Doctor_tells_of_each_thing_whether_it_is_well_and_its_status_sums_up()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync("key_server: 'http://127.0.0.1:1'");
        await gateway.PublishAsync(Play.Playbook(1, "one"));
        await gateway.CycleAsync(0);
        var found = await gateway.RunAsync("doctor", "--output", "json");
        using var report = System.Text.Json.JsonDocument.Parse(found.StandardOutput);
        var verdicts = report.RootElement.GetProperty("findings").EnumerateArray()
            .ToLookup(finding => finding.GetProperty("check").GetString()!, finding => finding.GetProperty("verdict").GetString()!);

        Assert.Equal(1, found.ExitCode);
        Assert.False(report.RootElement.GetProperty("healthy").GetBoolean());
        Assert.Equal(["problem"], verdicts["daemon"]);
        Assert.Equal(["problem"], verdicts["docker"]);
        Assert.Equal(["problem"], verdicts["key server"]);
        foreach (var check in new[] { "playbook", "keys", "clock", "state" })
        {
            Assert.Contains("ok", verdicts[check]);
            Assert.DoesNotContain("problem", verdicts[check]);
        }

        gateway.Server.Remove("pb.yml");
        Assert.Contains("PROBLEM  playbook", (await gateway.RunAsync("doctor")).StandardOutput, StringComparison.Ordinal);
        Assert.Equal(0, (await gateway.RunAsync("doctor", "--self")).ExitCode);
    }

    [Fact]
    public async Task With_a_configuration_that_never_was_good_the_daemon_says_so_and_ends()
    {
        await using var gateway = await Play.CreateAsync();
        await File.WriteAllTextAsync(gateway.At("etc/gateway/host-controller.yaml"), "gateway_id: gw-1\nnonsense: 1\n");
        using var daemon = gateway.StartDaemon();
        await daemon.WaitForExitAsync();

        Assert.NotEqual(0, daemon.ExitCode);
        Assert.Contains("nonsense", gateway.Log, StringComparison.Ordinal);
    }

    /// <summary>Listening TCP and unconnected UDP sockets that belong to a process (proc(5), net/tcp).</summary>
    private static List<string> ListeningSockets(int process)
    {
        var own = Directory.GetFiles($"/proc/{process}/fd")
            .Select(file => new FileInfo(file).LinkTarget ?? "")
            .Where(target => target.StartsWith("socket:[", StringComparison.Ordinal))
            .Select(target => target["socket:[".Length..^1])
            .ToHashSet(StringComparer.Ordinal);
        var found = new List<string>();
        foreach (var (file, state) in new[] { ("tcp", "0A"), ("tcp6", "0A"), ("udp", "07"), ("udp6", "07") })
        {
            found.AddRange(File.ReadLines($"/proc/{process}/net/{file}").Skip(1)
                .Where(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is var fields && fields[3] == state && own.Contains(fields[9])));
        }

        return found;
    }
}
