using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Gateway.EndToEndTests;

/// <summary>
/// <c>make power-cut CUTS=n SEED=s</c>: each cut is a machine of its own, in the midst of a full update, at a moment drawn
/// from the seed or chosen by what the machine is just doing; then it must come to the end of the update by itself.
/// </summary>
[Collection("gateway")]
[Trait("Category", "PowerCut")]
public sealed class PowerCutTests(RunningGateway gateway)
{
    /// <summary>What a machine is doing at the moments that are chosen: lines of shell that succeed then.</summary>
    private static readonly (string What, string Condition)[] Chosen =
    [
        ("dpkg configures a package", "grep -q '^Status: .*half-configured' /var/lib/dpkg/status"),
        ("the old supervisor is stopped", "grep -qE '\"phase\": \"(SetAside|PutInPlace|Start)\"' /var/lib/gateway/host-controller/supervisor/record.json"),
        ("the new supervisor is on probation", "grep -q '\"phase\": \"Probation\"' /var/lib/gateway/host-controller/supervisor/record.json"),
        ("the new host controller is being installed", "grep -q 'phase=prepared' /var/lib/gateway/host-controller/self-update/record"),
        ("the new host controller is on probation", "grep -q 'phase=probation' /var/lib/gateway/host-controller/self-update/record"),
        ("the application is exchanged", "docker ps -a --format '{{.Names}} {{.Status}}' | grep metering-meter | grep -vq ' Up'"),
    ];

    [Fact]
    public async Task Whenever_the_power_is_cut_in_a_full_update_it_ends_by_itself()
    {
        var seed = Number("SEED", 1);
        var random = new Random(seed);
        // Half by chance, half where it hurts.
        var cuts = Enumerable.Range(1, Number("CUTS", 5)).Select(cut => new Cut(cut, random.NextDouble(), cut % 2 == 0 ? Chosen[cut / 2 % Chosen.Length] : default)).ToList();
        await FullUpdate.PublishAsync(gateway);
        var length = await UndisturbedAsync();
        var log = new PowerCutLog(seed);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"undisturbed, the update takes {length.TotalSeconds:0} s"));

        var waiting = new ConcurrentQueue<Cut>(cuts);
        var lanes = Enumerable.Range(0, Number("JOBS", 1)).Select(async lane =>
        {
            // The first lane has the gateway of the collection; each other one has a gateway and a site of its own.
            var own = lane == 0 ? null : new RunningGateway();
            if (own is not null)
            {
                await own.InitializeAsync();
                await FullUpdate.PublishAsync(own);
            }

            while (waiting.TryDequeue(out var cut))
            {
                log.Add(cut.Number, cut.Describe(length), await Record.ExceptionAsync(() => CutAsync(own ?? gateway, cut, length)));
            }

            await (own?.DisposeAsync() ?? Task.CompletedTask);
        });
        await Task.WhenAll(lanes);

        Assert.Empty(log.Failures);
    }

    /// <summary>From the moment a machine is up that finds the update published.</summary>
    private async Task<TimeSpan> UndisturbedAsync()
    {
        await using var machine = await gateway.ThawAsync();
        var clock = Stopwatch.StartNew();
        await FullUpdate.DoneAsync(machine);
        return clock.Elapsed;
    }

    private static async Task CutAsync(RunningGateway gateway, Cut cut, TimeSpan length)
    {
        await using var machine = await gateway.ThawAsync();
        if (cut.Chosen.Condition is { } condition)
        {
            await machine.TryUntilAsync(length * 2, condition);
        }
        else
        {
            await Task.Delay(length * cut.Share);
        }

        await machine.CutPowerAsync();
        await machine.PowerOnAsync();
        await FullUpdate.DoneAsync(machine);
        await FullUpdate.AssertSoundAsync(machine);
    }

    /// <param name="Number">Which one, from 1.</param>
    /// <param name="Share">The part of the update that is let pass, unless something is chosen.</param>
    /// <param name="Chosen">What the machine shall be doing.</param>
    private sealed record Cut(int Number, double Share, (string What, string Condition) Chosen)
    {
        public string Describe(TimeSpan length) => Chosen.What ?? string.Create(CultureInfo.InvariantCulture, $"{length.TotalSeconds * Share:0.0} s into the update");
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(System.Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
