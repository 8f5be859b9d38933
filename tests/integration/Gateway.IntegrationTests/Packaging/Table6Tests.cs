using Gateway.IntegrationTests.Fixtures;
using static Gateway.IntegrationTests.Packaging.MachineFixture;

namespace Gateway.IntegrationTests.Packaging;

/// <summary>What of the Flex4Grid thesis's Table 6 takes a machine that boots.</summary>
[Collection("machine")]
public sealed class Table6Tests(MachineFixture fixture)
{
    private readonly SystemdMachine machine = fixture.Machine;

    [Fact]
    public async Task Test_01_runs_automatically_shortly_after_gateway_start_up_and_periodically_thereafter()
    {
        await fixture.ConfiguredAsync();
        await fixture.PublishAsync(1, "tasks: [{debug: {msg: here}}]");

        // The machine's power is cut and comes back; nobody starts anything.
        await machine.RebootAsync();
        var journal = await machine.JournalAsync(Unit, text => Count(text, "cycle ended with status 0") >= 3, TimeSpan.FromSeconds(60));

        Assert.Contains("first cycle in 1 s", journal);
        Assert.Equal("active", await fixture.PropertyAsync("ActiveState"));
        Assert.Equal("0", await fixture.PropertyAsync("NRestarts"));
        var begins = await CyclesAsync();
        Assert.InRange(begins[0] - await BootedAsync(), 0, 30);
        Assert.All(begins.Skip(1).Zip(begins.Skip(2), (one, next) => next - one), gap => Assert.InRange(gap, 1, 5));
    }

    private static int Count(string text, string what) => text.Split(what).Length - 1;

    /// <summary>When cycles of this boot began, in seconds since the epoch.</summary>
    private async Task<double[]> CyclesAsync()
    {
        var lines = await machine.RunAsync("journalctl", "--no-pager", "--boot", "--output=short-unix", "--unit", Unit, "--grep", "cycle begins");
        return [.. lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => char.IsDigit(line[0])).Select(line => double.Parse(line.Split(' ')[0]))];
    }

    /// <summary>When the machine's first process started, in seconds since the epoch.</summary>
    private async Task<double> BootedAsync() => double.Parse((await machine.RunAsync("stat", "--format=%Y", "/proc/1")).Trim());
}
