using System.Globalization;
using System.Text;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>C's strftime and Python's strptime, in the C locale.</summary>
internal static class TimeFormat
{
    public static string Format(DateTimeOffset time, string format)
    {
        var into = new StringBuilder();
        for (var i = 0; i < format.Length; i++)
        {
            if (format[i] != '%' || i + 1 == format.Length)
            {
                into.Append(format[i]);
                continue;
            }

            var pads = format[i + 1] != '-' || i + 2 == format.Length;
            i += pads ? 1 : 2;
            var part = Part(time, format[i]);
            into.Append(pads ? part : part.TrimStart('0') is { Length: > 0 } bare ? bare : "0");
        }

        return into.ToString();
    }

    /// <summary>Reads a text by a format of <c>%Y %m %d %H %M %S %f %y %j %b %B %p %I %Z %z %s</c> and literal characters.</summary>
    public static TimeValue Parse(string text, string format)
    {
        var reader = new TimeReader(text, format);
        return reader.Read() ?? throw new PythonValueException($"time data {PythonText.Quoted(text)} does not match format {PythonText.Quoted(format)}");
    }

    private static string Part(DateTimeOffset time, char letter)
    {
        string As(string format) => time.ToString(format, CultureInfo.InvariantCulture);
        string Number(int number, int width) => number.ToString(CultureInfo.InvariantCulture).PadLeft(width, '0');
        return letter switch
        {
            'Y' => Number(time.Year, 4),
            'y' => As("yy"),
            'C' => Number(time.Year / 100, 2),
            'm' => As("MM"),
            'd' => As("dd"),
            'e' => time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2),
            'H' => As("HH"),
            'I' => As("hh"),
            'M' => As("mm"),
            'S' => As("ss"),
            'f' => As("ffffff"),
            'p' => time.Hour < 12 ? "AM" : "PM",
            'a' => As("ddd"),
            'A' => As("dddd"),
            'b' or 'h' => As("MMM"),
            'B' => As("MMMM"),
            'j' => Number(time.DayOfYear, 3),
            'u' => Number(((int)time.DayOfWeek + 6) % 7 + 1, 1),
            'w' => Number((int)time.DayOfWeek, 1),
            'U' => Number((time.DayOfYear + 6 - (int)time.DayOfWeek) / 7, 2),
            'W' => Number((time.DayOfYear + 6 - (((int)time.DayOfWeek + 6) % 7)) / 7, 2),
            'V' => Number(ISOWeek.GetWeekOfYear(time.DateTime), 2),
            'G' => Number(ISOWeek.GetYear(time.DateTime), 4),
            's' => time.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture),
            'D' => As("MM/dd/yy"),
            'x' => As("MM/dd/yy"),
            'F' => As("yyyy-MM-dd"),
            'T' or 'X' => As("HH:mm:ss"),
            'R' => As("HH:mm"),
            'r' => As("hh:mm:ss ") + (time.Hour < 12 ? "AM" : "PM"),
            'c' => As("ddd MMM ") + time.Day.ToString(CultureInfo.InvariantCulture).PadLeft(2) + As(" HH:mm:ss yyyy"),
            'z' => (time.Offset < TimeSpan.Zero ? "-" : "+") + time.Offset.ToString("hhmm", CultureInfo.InvariantCulture),
            'Z' => time.Offset == TimeSpan.Zero ? "UTC" : "",
            'n' => "\n",
            't' => "\t",
            '%' => "%",
            _ => "%" + letter,
        };
    }
}
