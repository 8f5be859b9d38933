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
        Assert.Contains("power lost or reset", await machine.ShellAsync("tail -n 1 /var/lib/gateway/health/reboots"), StringComparison.Ordinal);
    }
}
