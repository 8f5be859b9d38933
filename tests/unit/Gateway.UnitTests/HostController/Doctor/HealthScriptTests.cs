using Gateway.Core.Processes;
using Gateway.HostController;
using Gateway.HostController.Health;

namespace Gateway.UnitTests.HostController.Doctor;

/// <summary>The script that reports the machine's health, as shipped, on a made-up machine.</summary>
public sealed class HealthScriptTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("health-").FullName;

    public HealthScriptTests()
    {
        Write("proc/meminfo", "MemTotal: 1000 kB\nMemAvailable: 400 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n");
        Write("proc/cpuinfo", "processor\t: 0\nprocessor\t: 1\n");
        Write("proc/loadavg", "0.10 0.20 0.30 1/100 1\n");
        Write("proc/uptime", "90061.5 1.0\n");
    }

    private void Write(string path, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(root, path))!);
        File.WriteAllText(Path.Combine(root, path), content);
    }

    private async Task RunAsync(string verb)
    {
        var outcome = await TryAsync(verb);
        Assert.True(outcome.IsSuccess, outcome.StandardError);
        Assert.Equal("", outcome.StandardError);
    }

    private Task<ProcessOutcome> TryAsync(string verb)
    {
        var script = Path.Combine(Repository(), "packaging/debian/health");
        return ProcessRunner.RunAsync(
            new ProcessRequest("/bin/sh", [script, verb]) { Environment = new Dictionary<string, string?>(StringComparer.Ordinal) { ["ROOT"] = root } }, default);
    }

    private static string Repository()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "Gateway.sln")))
        {
            folder = Path.GetDirectoryName(folder)!;
        }

        return folder;
    }

    private Task BootAsync(string id)
    {
        Write("proc/sys/kernel/random/boot_id", id + "\n");
        return RunAsync("boot");
    }

    [Fact]
    public async Task It_tells_what_the_machine_tells()
    {
        Write("sys/class/thermal/thermal_zone0/temp", "48250\n");
        Write("sys/class/thermal/thermal_zone1/temp", "91000\n");
        Write("sys/devices/platform/soc/soc:firmware/get_throttled", "50005\n");
        await RunAsync("report");
        var health = HealthFile.Read(new HostPaths(root))!;
        Assert.Equal(409600, health.Json["memory"]!["available_bytes"]!.GetValue<long>());
        Assert.Equal(91.0, health.Json["temperature_celsius"]!.GetValue<double>());
        Assert.Equal(2, health.Json["cpus"]!.GetValue<int>());
        Assert.NotEmpty(health.Json["disks"]!.AsArray());
        Assert.StartsWith("up 1 d 1 h, load 0.1", health.InShort, StringComparison.Ordinal);
        Assert.Contains(health.Warnings, warning => warning.Contains("under-voltage", StringComparison.Ordinal));
        Assert.Contains(health.Warnings, warning => warning.Contains("hot", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_counts_boots_and_tells_a_power_cut_from_a_shutdown()
    {
        await BootAsync("one");
        await RunAsync("report");
        Assert.Equal(0, HealthFile.Read(new HostPaths(root))!.Json["reboots"]!["count"]!.GetValue<int>());
        await BootAsync("one");
        await RunAsync("shutdown");
        await BootAsync("two");
        await RunAsync("report");
        var health = HealthFile.Read(new HostPaths(root))!;
        Assert.Equal(1, health.Json["reboots"]!["count"]!.GetValue<int>());
        Assert.DoesNotContain(health.Warnings, warning => warning.Contains("reboot", StringComparison.Ordinal));
        await BootAsync("three");
        await RunAsync("report");
        health = HealthFile.Read(new HostPaths(root))!;
        Assert.Equal(2, health.Json["reboots"]!["count"]!.GetValue<int>());
        Assert.Contains(health.Warnings, warning => warning.Contains("power lost", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("-12500\n", "-274000\n", -12.5)]
    [InlineData("-12500\n", "3000\n", 3.0)]
    [InlineData("-274000\n", "-\n", null)]
    public async Task It_tells_frost_and_leaves_out_what_no_sensor_means(string one, string other, double? celsius)
    {
        Write("sys/class/thermal/thermal_zone0/temp", one);
        Write("sys/class/thermal/thermal_zone1/temp", other);
        await RunAsync("report");
        Assert.Equal(celsius, HealthFile.Read(new HostPaths(root))!.Json["temperature_celsius"]?.GetValue<double>());
    }

    [Fact]
    public async Task It_tells_the_last_few_reboots_and_their_causes()
    {
        await BootAsync("0");
        await RunAsync("report");
        var none = HealthFile.Read(new HostPaths(root))!.Json["reboots"]!;
        Assert.Null(none["last"]);
        Assert.Empty(none["recent"]!.AsArray());
        for (var boot = 1; boot <= 7; boot++)
        {
            if (boot == 6)
            {
                await RunAsync("shutdown");
            }

            await BootAsync($"{boot}");
        }

        await RunAsync("report");
        var health = HealthFile.Read(new HostPaths(root))!;
        var recent = health.Json["reboots"]!["recent"]!.AsArray();
        string[] causes = ["power lost or reset", "power lost or reset", "power lost or reset", "shut down in good order", "power lost or reset"];
        Assert.Equal(causes, recent.Select(reboot => reboot!["cause"]!.GetValue<string>()));
        Assert.Equal(recent[^1]!.ToJsonString(), health.Json["reboots"]!["last"]!.ToJsonString());
        Assert.Contains(", 7 reboots, last ", health.InShort, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_full_disk_what_was_noted_before_stays()
    {
        await BootAsync("one");
        await BootAsync("two");
        await RunAsync("report");
        string[] files = ["var/lib/gateway/health/reboots", "var/lib/gateway/health/count", "var/lib/gateway/health/boot_id", "run/gateway/health.json"];
        var before = files.Select(Read).ToList();
        foreach (var file in files)
        {
            // Whatever is written there finds no room.
            File.CreateSymbolicLink(Path.Combine(root, file + ".new"), "/dev/full");
        }

        Write("proc/sys/kernel/random/boot_id", "three\n");
        Assert.Contains("No space left", (await TryAsync("boot")).StandardError, StringComparison.Ordinal);
        Assert.Equal(before, files.Select(Read));
        Assert.False((await TryAsync("report")).IsSuccess);
        Assert.Equal(before, files.Select(Read));

        await BootAsync("three");
        await RunAsync("report");
        Assert.Equal(2, HealthFile.Read(new HostPaths(root))!.Json["reboots"]!["count"]!.GetValue<int>());
    }

    /// <summary>Not through a link: <c>/dev/full</c> has no end.</summary>
    private string Read(string path) => File.ResolveLinkTarget(Path.Combine(root, path), false)?.FullName ?? File.ReadAllText(Path.Combine(root, path));

    [Fact]
    public async Task A_report_that_no_longer_comes_is_told_to_be_old()
    {
        Write("proc/uptime", "90000.00 1.00\n");
        await RunAsync("report");
        Write("proc/uptime", "90200.00 1.00\n");
        Assert.DoesNotContain(HealthFile.Read(new HostPaths(root))!.Warnings, warning => warning.Contains("old", StringComparison.Ordinal));
        Write("proc/uptime", "90720.00 1.00\n");
        Assert.Contains(HealthFile.Read(new HostPaths(root))!.Warnings, warning => warning.Contains("12 min old: systemctl status gateway-health.timer", StringComparison.Ordinal));
    }

    [Fact]
    public void A_torn_report_is_none()
    {
        Write("run/gateway/health.json", "{\"schema\":1,");
        Assert.Null(HealthFile.Read(new HostPaths(root)));
    }

    public void Dispose() => Directory.Delete(root, true);
}
