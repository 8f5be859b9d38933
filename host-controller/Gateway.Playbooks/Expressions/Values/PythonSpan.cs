using System.Globalization;

namespace Gateway.Playbooks.Expressions;

/// <summary>The time between two times, as Python prints it (docs.python.org/3/library/datetime.html#timedelta-objects).</summary>
internal static class PythonSpan
{
    /// <summary>What is left of a span without its whole days, which are rounded down: never negative.</summary>
    public static TimeSpan WithinDay(TimeSpan span) => span - TimeSpan.FromDays(Math.Floor(span.TotalDays));

    /// <summary><c>1 day, 0:30:00</c>.</summary>
    public static string Str(TimeSpan span)
    {
        var (days, rest) = ((long)Math.Floor(span.TotalDays), WithinDay(span));
        var microseconds = rest.Ticks % TimeSpan.TicksPerSecond / 10;
        var time = rest.ToString(@"h\:mm\:ss", CultureInfo.InvariantCulture) + (microseconds == 0 ? "" : "." + microseconds.ToString("000000", CultureInfo.InvariantCulture));
        return days == 0 ? time : $"{days} {(Math.Abs(days) == 1 ? "day" : "days")}, {time}";
    }

    /// <summary><c>datetime.timedelta(days=1, seconds=1800)</c>.</summary>
    public static string Repr(TimeSpan span)
    {
        var rest = WithinDay(span);
        (string Name, long Value)[] parts = [("days", (long)Math.Floor(span.TotalDays)), ("seconds", (long)rest.TotalSeconds), ("microseconds", rest.Ticks % TimeSpan.TicksPerSecond / 10)];
        var shown = string.Join(", ", parts.Where(part => part.Value != 0).Select(part => $"{part.Name}={part.Value}"));
        return $"datetime.timedelta({(shown.Length == 0 ? "0" : shown)})";
    }
}
