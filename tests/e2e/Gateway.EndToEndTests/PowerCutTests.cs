using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Gateway.EndToEndTests;

/// <summary>
/// <c>make power-cut CUTS=n SEED=s</c>, <c>FROM=m</c> to go on with cut m: machines in the midst of a full update, whose power is
/// cut at moments drawn from the seed or chosen by what the machine is just doing, some times in a row; after each cut
/// the machine must boot with its state whole, and after the last it must come to the end of the update by itself.
/// </summary>
[Collection("gateway")]
[Trait("Category", "PowerCut")]
public sealed class PowerCutTests(RunningGateway gateway)
{
    [Fact]
    public async Task Whenever_the_power_is_cut_in_a_full_update_it_ends_by_itself()
    {
        var seed = Number("SEED", 1);
        var waiting = new ConcurrentQueue<PowerCut[]>(PowerCut.Plan(seed, Number("FROM", 1), Number("CUTS", 5)));
        var log = new PowerCutLog(seed);

        // The first lane has the gateway of the collection; each other one has a gateway and a site of its own.
        await Task.WhenAll(Enumerable.Range(0, Number("JOBS", 1)).Select(lane => lane == 0 ? LaneAsync(gateway, waiting, log) : OwnLaneAsync(waiting, log)));

        log.Summarize();
        Assert.Empty(log.Failures);
    }

    private static async Task OwnLaneAsync(ConcurrentQueue<PowerCut[]> waiting, PowerCutLog log)
    {
        var own = new RunningGateway();
        try
        {
            await own.InitializeAsync();
            await LaneAsync(own, waiting, log);
        }
        finally
        {
            await own.DisposeAsync();
        }
    }

    private static async Task LaneAsync(RunningGateway gateway, ConcurrentQueue<PowerCut[]> waiting, PowerCutLog log)
    {
        await FullUpdate.PublishAsync(gateway);
        var length = await UndisturbedAsync(gateway);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"undisturbed, the update takes {length.TotalSeconds:0} s"));
        while (waiting.TryDequeue(out var cuts))
        {
            await OneMachineAsync(gateway, cuts, length, log);
        }
    }

    /// <summary>From the moment a machine is up that finds the update published.</summary>
    private static async Task<TimeSpan> UndisturbedAsync(RunningGateway gateway)
    {
        await using var machine = await gateway.ThawAsync();
        var clock = Stopwatch.StartNew();
        await FullUpdate.DoneAsync(machine);
        return clock.Elapsed;
    }

    private static async Task OneMachineAsync(RunningGateway gateway, PowerCut[] cuts, TimeSpan length, PowerCutLog log)
    {
        await using var machine = await gateway.ThawAsync();
        foreach (var cut in cuts)
        {
            var when = await cut.WaitAsync(machine, length);
            await machine.CutPowerAsync();
            var end = "booted, state whole";
            var failure = await Record.ExceptionAsync(async () =>
            {
                await machine.PowerOnAsync();
                await FullUpdate.AssertStateIsWholeAsync(machine);
                if (cut == cuts[^1])
                {
                    var givenUp = await FullUpdate.DoneAsync(machine, cuts.Length);
                    await FullUpdate.AssertSoundAsync(machine, givenUp);
                    end = givenUp is null ? "ended by itself, sound" : $"{givenUp} was interrupted too often and given up, sound";
                }
            });
            log.Add(cut.Number, when, failure, end);
            if (failure is not null)
            {
                return;
            }
        }
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(System.Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
