using System.Globalization;
using System.Text.Json;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.EndToEndTests;

/// <summary>Seconds from the moment an update is found to have failed until the version before serves again, by the machine's own clock.</summary>
public sealed class RollBackTimes
{
    private readonly List<(string What, double Seconds)> times = [];

    public void Add(string what, double seconds) => times.Add((what, seconds));

    /// <summary>Median and worst to the console, and all of them to <c>out/e2e/roll-back-times.json</c>.</summary>
    public void Print()
    {
        if (times.Count == 0)
        {
            return;
        }

        var sorted = times.Select(time => time.Seconds).Order().ToList();
        foreach (var (what, seconds) in times)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  back after {seconds,6:0.0} s: {what}"));
        }

        var (median, worst) = (sorted[sorted.Count / 2], sorted[^1]);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"from a failed update to the version before serving: median {median:0.0} s, worst {worst:0.0} s, of {sorted.Count}"));
        File.WriteAllText(
            Repository.At("out", "e2e", "roll-back-times.json"),
            JsonSerializer.Serialize(new { median, worst, times = times.Select(time => new { what = time.What, seconds = time.Seconds }) }));
    }
}
