using System.Text.Json;
using Play = Gateway.IntegrationTests.HostController.GatewayUnderTest;

namespace Gateway.IntegrationTests.HostController;

/// <summary>What <c>status</c> and <c>doctor</c> tell of the machine, of our own upgrades and of a bundle's address.</summary>
public sealed class DoctorTests
{
    private const string Health = """
        {"schema":1,"time":"2026-01-02T03:04:05Z","uptime_seconds":90061,"load":[0.10,0.20,0.30],"cpus":2,
         "memory":{"total_bytes":1048576000,"available_bytes":419430400,"swap_total_bytes":0,"swap_free_bytes":0},"disks":[],
         "temperature_celsius":48.2,"under_voltage":null,"clock":{"synchronized":true,"rtc":true},"failed_units":["broken.service"],
         "reboots":{"count":2,"last":{"time":"2026-01-01T03:04:05Z","cause":"reboot asked for"},"recent":[]}}
        """;

    [Fact]
    public async Task The_machines_health_is_shown_by_status_and_doctor()
    {
        await using var gateway = await Play.CreateAsync();
        await File.WriteAllTextAsync(gateway.At("run/gateway/health.json"), Health);

        using var status = await gateway.StatusAsync();
        Assert.Equal(48.2, status.RootElement.GetProperty("host").GetProperty("temperature_celsius").GetDouble());
        Assert.Equal(2, status.RootElement.GetProperty("host").GetProperty("reboots").GetProperty("count").GetInt32());

        const string Line = "up 1 d 1 h, load 0.10 0.20 0.30, 400 MiB of memory available, 48.2 °C, 2 reboots, last 2026-01-01T03:04:05Z: reboot asked for";
        var text = (await gateway.RunAsync("status")).StandardOutput;
        Assert.Contains($"host         {Line}", text, StringComparison.Ordinal);
        Assert.Contains("warning      unit broken.service has failed", text, StringComparison.Ordinal);
        Assert.Contains(Line, (await gateway.RunAsync("doctor")).StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Versions_that_failed_are_told_and_are_not_what_the_guardian_asks()
    {
        await using var gateway = await Play.CreateAsync();
        var folder = Directory.CreateDirectory(gateway.At("var/lib/gateway/host-controller/self-update")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "record"), "schema=1\nphase=probation\ncandidate=3.0\nprevious=1.0\n");
        await File.WriteAllTextAsync(Path.Combine(folder, "failed"), "2.0\t2026-01-02T03:04:05Z\tdid not become ready within 180 s\n");

        Assert.Equal(
            ["warning: 3.0 is being judged (probation); before: 1.0", "warning: 2.0 failed 2026-01-02 03:04:05Z and is not tried again: did not become ready within 180 s"],
            await FoundAsync(gateway, "upgrades"));
        var self = await gateway.RunAsync("doctor", "--self");
        Assert.Equal(0, self.ExitCode);
        Assert.DoesNotContain("upgrades", self.StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_large_bundle_is_looked_at_by_its_beginning()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync(url: "base.tar.gz");
        gateway.Server.Put("base.tar.gz", new byte[5 << 20]);
        Assert.Equal([$"ok: {gateway.Server.Url("base.tar.gz")}: a bundle of 5242880 bytes"], await FoundAsync(gateway, "playbook"));

        gateway.Server.Put("base.tar.gz", "<html>log in</html>", "text/html");
        Assert.Contains("sign in first", Assert.Single(await FoundAsync(gateway, "playbook")), StringComparison.Ordinal);
        gateway.Server.Remove("base.tar.gz");
        Assert.StartsWith("problem: ", Assert.Single(await FoundAsync(gateway, "playbook")), StringComparison.Ordinal);
    }

    private static async Task<IEnumerable<string>> FoundAsync(GatewayUnderTest gateway, string check)
    {
        using var report = JsonDocument.Parse((await gateway.RunAsync("doctor", "--output", "json")).StandardOutput);
        return
        [
            .. report.RootElement.GetProperty("findings").EnumerateArray()
                .Where(finding => finding.GetProperty("check").GetString() == check)
                .Select(finding => $"{finding.GetProperty("verdict").GetString()}: {finding.GetProperty("text").GetString()}"),
        ];
    }
}
