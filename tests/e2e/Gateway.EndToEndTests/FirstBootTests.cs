using System.Text.Json.Nodes;
using static Gateway.EndToEndTests.RunningGateway;

namespace Gateway.EndToEndTests;

/// <summary>What was installed goes on after a power cut. That it came to run from nothing is how <see cref="RunningGateway"/> comes about.</summary>
[Collection("gateway")]
public sealed class FirstBootTests(RunningGateway gateway)
{
    [Fact]
    public async Task After_a_power_cut_the_applications_run_again_without_anybody()
    {
        await using var machine = await gateway.MachineAsync();
        await machine.CutPowerAsync();
        await machine.PowerOnAsync();
        await RunsAsync(machine);

        Assert.Equal("", await machine.RunAsync("dpkg", "--audit"));
        await machine.UntilAsync("a doctor who finds nothing", TimeSpan.FromMinutes(5), "host-controller doctor");
        var doctor = JsonNode.Parse(await machine.RunAsync("host-controller", "doctor", "--output", "json"))!;
        Assert.True((bool)doctor["healthy"]!);
        Assert.Subset(
            doctor["findings"]!.AsArray().Select(finding => $"{finding!["check"]}").ToHashSet(StringComparer.Ordinal),
            new HashSet<string>(["configuration", "keys", "clock", "disk", "docker", "supervisor", "packages", "daemon", "host health", "playbook", "broker", "registry"], StringComparer.Ordinal));
        Assert.Contains("power lost or reset", await machine.ShellAsync("tail -n 1 /var/lib/gateway/health/reboots"), StringComparison.Ordinal);
    }
}
