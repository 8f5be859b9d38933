using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Bench;

/// <summary>Prints figures as they come and keeps them as <c>out/bench/&lt;name&gt;.json</c>.</summary>
internal sealed class Report(string folder)
{
    /// <summary>Two programs doing the same work, and their ratio (ours ÷ theirs; below 1 is better).</summary>
    public void Compare(string name, string what, Command ours, Command theirs, int runs)
    {
        Console.WriteLine();
        Console.WriteLine($"{what} (median of {runs} runs in turn)");
        var (a, b) = ProgramRun.InTurn(ours, theirs, runs);
        Row("", ours.Name, theirs.Name, "theirs ÷ ours");
        Row("wall s", F(a.Seconds), F(b.Seconds), Times(b.Seconds, a.Seconds));
        Row("cpu s", F(a.CpuSeconds), F(b.CpuSeconds), Times(b.CpuSeconds, a.CpuSeconds));
        Row("peak MiB", F(a.PeakKilobytes / 1024d), F(b.PeakKilobytes / 1024d), Times(b.PeakKilobytes, a.PeakKilobytes));
        Save(name, new JsonObject
        {
            ["what"] = what,
            ["runs"] = runs,
            [ours.Name] = Json(a),
            [theirs.Name] = Json(b),
            ["wall_ratio"] = Math.Round(b.Seconds / a.Seconds, 3),
            ["cpu_ratio"] = Math.Round(b.CpuSeconds / a.CpuSeconds, 3),
            ["memory_ratio"] = Math.Round((double)b.PeakKilobytes / a.PeakKilobytes, 3),
        });
    }

    /// <summary>Figures that stand alone.</summary>
    public void Figures(string name, string what, IReadOnlyList<(string Key, string Label, double Value, string Unit)> figures)
    {
        Console.WriteLine();
        Console.WriteLine(what);
        var json = new JsonObject { ["what"] = what };
        foreach (var (key, label, value, unit) in figures)
        {
            Console.WriteLine($"  {label,-46} {F(value),12} {unit}");
            json[key] = Math.Round(value, 4);
        }

        Save(name, json);
    }

    private void Save(string name, JsonObject json)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, name + ".json"), json.ToJsonString(new JsonSerializerOptions { WriteIndented = true }) + "\n");
    }

    private static JsonObject Json(Measurement m) => new() { ["wall_s"] = m.Seconds, ["cpu_s"] = Math.Round(m.CpuSeconds, 3), ["peak_kib"] = m.PeakKilobytes };

    private static void Row(string label, string a, string b, string ratio) => Console.WriteLine($"  {label,-10} {a,24} {b,24} {ratio,16}");

    private static string Times(double theirs, double ours) => ours > 0 ? F(theirs / ours) + " ×" : "–";

    private static string F(double value) => value.ToString(value >= 100 ? "F0" : "F2", CultureInfo.InvariantCulture);
}
