using System.Globalization;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.EndToEndTests;

/// <summary>What became of each cut, whichever ends first: on the console as it goes, and in <c>out/e2e/power-cuts.log</c>.</summary>
internal sealed class PowerCutLog(int seed)
{
    private readonly Lock one = new();
    private readonly string file = Repository.At("out", "e2e", "power-cuts.log");
    private int count;

    public List<string> Failures { get; } = [];

    public void Add(int cut, string when, Exception? failure, string otherwise)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{DateTimeOffset.UtcNow:u} seed {seed} cut {cut}: {when}: {(failure is null ? otherwise : "FAILED")}");
        lock (one)
        {
            count++;
            Console.WriteLine(line);
            File.AppendAllText(file, line + (failure is null ? "" : $"\n{failure.Message}") + "\n");
            if (failure is not null)
            {
                Failures.Add($"{line}\n{failure.Message}");
            }
        }
    }

    public void Summarize() => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} cuts, {count - Failures.Count} of them sound"));
}
