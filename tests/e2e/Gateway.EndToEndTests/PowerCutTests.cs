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
    /// <summary>Longer than an undisturbed update takes.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(5);

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
        var log = new PowerCutLog(seed);
        for (var cut = 1; cut <= Number("CUTS", 5); cut++)
        {
            // Half by chance, half where it hurts.
            var chosen = cut % 2 == 0 ? Chosen[cut / 2 % Chosen.Length] : default;
            var after = TimeSpan.FromSeconds(random.NextDouble() * Longest.TotalSeconds / 2);
            var when = chosen.What ?? string.Create(CultureInfo.InvariantCulture, $"{after.TotalSeconds:0.0} s into the update");
            var failure = await Record.ExceptionAsync(() => CutAsync(chosen.Condition, after));
            log.Add(cut, when, failure);
        }

        Assert.Empty(log.Failures);
    }

    private async Task CutAsync(string? condition, TimeSpan after)
    {
        await using var machine = await gateway.MachineAsync();
        var update = await FullUpdate.PublishAsync(gateway);
        if (condition is null)
        {
            await Task.Delay(after);
        }
        else
        {
            await machine.TryUntilAsync(Longest * 3, condition);
        }

        await machine.CutPowerAsync();
        await machine.PowerOnAsync();
        await update.DoneAsync(machine);
        await FullUpdate.AssertSoundAsync(machine);
    }

    private static int Number(string variable, int otherwise) =>
        int.TryParse(System.Environment.GetEnvironmentVariable(variable), CultureInfo.InvariantCulture, out var number) ? number : otherwise;
}
