using System.Globalization;

namespace Gateway.Reconciliation.Desired;

/// <summary>Sizes and processor shares as Compose writes them.</summary>
internal static class Quantities
{
    private static readonly (string Unit, long Factor)[] Units =
    [
        ("kb", 1L << 10), ("mb", 1L << 20), ("gb", 1L << 30), ("k", 1L << 10), ("m", 1L << 20), ("g", 1L << 30), ("b", 1),
    ];

    /// <summary>Bytes, 0 to 2^53.</summary>
    public static bool TryBytes(string text, out long bytes)
    {
        var lower = text.ToLowerInvariant();
        var (unit, factor) = Units.FirstOrDefault(pair => lower.EndsWith(pair.Unit, StringComparison.Ordinal));
        var number = unit is null ? lower : lower[..^unit.Length];
        bytes = 0;
        if (!double.TryParse(number.TrimEnd(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            || value * Math.Max(1, factor) > (1L << 53))
        {
            return false;
        }

        bytes = (long)(value * Math.Max(1, factor));
        return true;
    }

    /// <summary>Processors as billionths, more than 0 and at most 4096 of them.</summary>
    public static bool TryNanoCpus(string text, out long nano)
    {
        nano = 0;
        if (!double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value) || value is <= 0 or > 4096)
        {
            return false;
        }

        nano = (long)Math.Round(value * 1_000_000_000);
        return nano > 0;
    }
}
