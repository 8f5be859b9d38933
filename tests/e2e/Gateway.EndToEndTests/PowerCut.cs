using System.Globalization;
using Gateway.EndToEndTests.Machines;

namespace Gateway.EndToEndTests;

/// <summary>One cut of the power: at a moment drawn by chance, or where it hurts.</summary>
/// <param name="Number">Which one, from 1.</param>
/// <param name="Share">The part of an undisturbed update that is let pass since the last boot, unless something is chosen.</param>
/// <param name="Chosen">What the machine shall be doing, and a line of shell that succeeds then.</param>
internal sealed record PowerCut(int Number, double Share, (string What, string Condition) Chosen)
{
    /// <summary>The cuts that one machine goes through before it is left in peace.</summary>
    public const int InARow = 5;

    private const string Supervisor = "/var/lib/gateway/host-controller/supervisor/record.json";
    private const string HostController = "/var/lib/gateway/host-controller/self-update/record";

    /// <summary>In the order in which an update comes to them; each machine sees two.</summary>
    private static readonly (string What, string Condition)[] Moments =
    [
        ("the application is exchanged", "docker ps -a --format '{{.Names}} {{.Status}}' | grep metering-meter | grep -vq ' Up'"),
        ("dpkg configures a package", "grep -q '^Status: .*half-configured' /var/lib/dpkg/status"),
        ("the old supervisor is stopped", $"grep -qE '\"phase\": \"(SetAside|PutInPlace|Start)\"' {Supervisor}"),
        ("the new supervisor is on probation", $"grep -q '\"phase\": \"Probation\"' {Supervisor}"),
        ("the new host controller is being installed", $"grep -q 'phase=prepared' {HostController}"),
        ("the new host controller is on probation", $"grep -q 'phase=probation' {HostController}"),
    ];

    /// <summary>Cuts <paramref name="from"/> to <paramref name="last"/> of a seed, by the machine that they are made to.</summary>
    public static IEnumerable<PowerCut[]> Plan(int seed, int from, int last)
    {
        var random = new Random(seed);
        // As far as the whole row of cuts would come in half the time: the rest of the update is made again after each.
        return Enumerable.Range(1, last)
            .Select(number => new PowerCut(number, random.NextDouble() * 2 / InARow, ChosenFor(number - 1)))
            .Skip(from - 1)
            .GroupBy(cut => (cut.Number - 1) / InARow, (_, cuts) => cuts.ToArray());
    }

    /// <summary>Waits for the moment; what it was.</summary>
    public async Task<string> WaitAsync(Machine machine, TimeSpan length)
    {
        if (Chosen.Condition is null)
        {
            await Task.Delay(length * Share);
            return string.Create(CultureInfo.InvariantCulture, $"{(length * Share).TotalSeconds:0.0} s after a boot");
        }

        return await machine.TryUntilAsync(length, Chosen.Condition) ? Chosen.What : $"{Chosen.What} (not seen in {length.TotalSeconds:0} s)";
    }

    /// <summary>The second and the fourth cut of a machine; half of the moments lie between the two.</summary>
    private static (string What, string Condition) ChosenFor(int index)
    {
        var (machine, cut) = (index / InARow, index % InARow);
        var half = Moments.Length / 2;
        return cut is 1 or 3 ? Moments[(machine % half) + (cut / 3 * half)] : default;
    }
}
