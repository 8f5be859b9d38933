namespace Gateway.Bench;

/// <summary>One run of a whole program.</summary>
/// <param name="Seconds">Wall-clock time.</param>
/// <param name="CpuSeconds">User and system time together.</param>
/// <param name="PeakKilobytes">Largest resident set of any of its processes.</param>
internal sealed record Measurement(double Seconds, double CpuSeconds, long PeakKilobytes)
{
    /// <summary>The median of each figure over several runs: machines are noisy.</summary>
    public static Measurement Median(IReadOnlyList<Measurement> runs) => new(
        Middle(runs.Select(run => run.Seconds)),
        Middle(runs.Select(run => run.CpuSeconds)),
        (long)Middle(runs.Select(run => (double)run.PeakKilobytes)));

    /// <summary>The middle value.</summary>
    public static double Middle(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted.Count % 2 == 1 ? sorted[sorted.Count / 2] : (sorted[(sorted.Count / 2) - 1] + sorted[sorted.Count / 2]) / 2;
    }
}
