using System.Globalization;

namespace Gateway.Core.Yaml;

/// <summary>Durations as the formats write them: a number of seconds, or parts such as <c>1d2h3m4s</c> and <c>500ms</c>.</summary>
public static class Durations
{
    private static readonly (string Unit, double Seconds)[] Units =
        [("ms", 0.001), ("us", 0.000_001), ("ns", 0.000_000_001), ("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)];

    /// <summary>Reads a duration of 0 to 10,000 days.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        if (!TrySeconds(text, out var seconds) || seconds > 10_000 * 86_400d)
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(seconds);
        return true;
    }

    private static bool TrySeconds(string text, out double seconds)
    {
        if (TryNumber(text, out seconds))
        {
            return true;
        }

        seconds = 0;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExcept("0123456789.");
            if (digits <= 0 || !TryNumber(rest[..digits], out var number))
            {
                return false;
            }

            rest = rest[digits..];
            var unit = -1;
            for (var i = 0; i < Units.Length && unit < 0; i++)
            {
                unit = rest.StartsWith(Units[i].Unit, StringComparison.Ordinal) ? i : -1;
            }

            if (unit < 0)
            {
                return false;
            }

            seconds += number * Units[unit].Seconds;
            rest = rest[Units[unit].Unit.Length..];
        }

        return text.Length > 0;
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out double number) =>
        double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out number);
}
