using System.Globalization;
using Gateway.EndToEndTests.Machines;

namespace Gateway.EndToEndTests;

/// <summary>One cut of the power: at a moment drawn by chance, or where it hurts.</summary>
/// <param name="Number">Which one, from 1.</param>
/// <param name="Share">The part of an undisturbed update that is let pass since the last boot, unless something is chosen.</param>
/// <param name="Chosen">What the machine shall be doing, and a line of shell that succeeds then.</param>
internal sealed record PowerCut(int Number, double Share, (string What, string Condition) Chosen)
{
    /// <summary>The cuts that one machine goes through before it is left in peace: together they take about as long as the update.</summary>
    public const int InARow = 4;

    private const string Supervisor = "/var/lib/gateway/host-controller/supervisor/record.json";
    private const string HostController = "/var/lib/gateway/host-controller/self-update/record";

    private static readonly (string What, string Condition)[] Early =
    [
        ("the application is exchanged", "docker ps -a --format '{{.Names}} {{.Status}}' | grep metering-meter | grep -vq ' Up'"),
        ("dpkg configures a package", "grep -qs '^Status: .*half-configured' /var/lib/dpkg/status /var/lib/dpkg/updates/*"),
        ("the old supervisor is stopped", $"grep -qE '\"phase\": \"(SetAside|PutInPlace|Start)\"' {Supervisor}"),
    ];

    private static readonly (string What, string Condition)[] Late =
    [
        ("the new supervisor is on probation", $"grep -q '\"phase\": \"Probation\"' {Supervisor}"),
        ("the new host controller is being unpacked", "grep -qsE '^Status: .*(half-installed|unpacked|half-configured)' $(grep -ls '^Package: gateway-host-controller$' /var/lib/dpkg/updates/* || echo none)"),
        ("the new host controller is on probation", $"grep -q 'phase=probation' {HostController}"),
    ];

    /// <summary>Cuts <paramref name="from"/> to <paramref name="last"/> of a seed, by the machine that they are made to.</summary>
    public static IEnumerable<PowerCut[]> Plan(int seed, int from, int last)
    {
        var random = new Random(seed);
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

        var done = $"grep -q 'committed {FullUpdate.Version}' {HostController}";
        return await machine.TryUntilAsync(length, Chosen.Condition, done) ? Chosen.What : $"{Chosen.What} (had passed)";
    }

    /// <summary>Of each machine's cuts the second and the fourth.</summary>
    private static (string What, string Condition) ChosenFor(int index) => (index / InARow, index % InARow) switch
    {
        (var machine, 1) => Early[machine % Early.Length],
        // Another pair each time.
        (var machine, 3) => Late[(machine + machine / Early.Length) % Late.Length],
        _ => default,
    };
}
