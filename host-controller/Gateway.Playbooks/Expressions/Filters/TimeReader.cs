using System.Globalization;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>Reads one time by strptime's rules.</summary>
internal sealed class TimeReader(string text, string format)
{
    private static readonly string[] Months = CultureInfo.InvariantCulture.DateTimeFormat.MonthNames[..12];
    private static readonly string[] Days = CultureInfo.InvariantCulture.DateTimeFormat.DayNames;

    private readonly Dictionary<char, int> parts = [];
    private TimeSpan? offset;
    private bool isAfternoon;
    private int at;

    /// <summary>The time; null when the text does not match.</summary>
    public TimeValue? Read()
    {
        for (var i = 0; i < format.Length; i++)
        {
            var matches = format[i] switch
            {
                '%' when i + 1 < format.Length => Directive(format[++i]),
                ' ' or '\t' or '\n' => Space(),
                var c => Literal(c),
            };
            if (!matches)
            {
                return null;
            }
        }

        return at == text.Length ? Made() : null;
    }

    private int Get(char part, int usual) => parts.GetValueOrDefault(part, usual);

    private TimeValue? Made()
    {
        var year = parts.TryGetValue('Y', out var full) ? full : parts.TryGetValue('y', out var two) ? two + (two < 69 ? 2000 : 1900) : 1900;
        var hour = parts.TryGetValue('I', out var twelve) ? (twelve % 12) + (isAfternoon ? 12 : 0) : Get('H', 0);
        try
        {
            var day = parts.TryGetValue('j', out var ofYear) ? new DateTime(year, 1, 1).AddDays(ofYear - 1) : new DateTime(year, Get('m', 1), Get('d', 1));
            var time = day.AddHours(hour).AddMinutes(Get('M', 0)).AddSeconds(Get('S', 0)).AddTicks(Get('f', 0) * 10L);
            return new TimeValue(new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Unspecified), offset ?? TimeSpan.Zero), IsDate: false, HasOffset: offset is not null);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    private bool Directive(char letter) => letter switch
    {
        'Y' => Number('Y', 4, 4, 1, 9999),
        'y' => Number('y', 2, 2, 0, 99),
        'm' => Number('m', 1, 2, 1, 12),
        'd' => Number('d', 1, 2, 1, 31),
        'H' => Number('H', 1, 2, 0, 23),
        'I' => Number('I', 1, 2, 1, 12),
        'M' => Number('M', 1, 2, 0, 59),
        'S' => Number('S', 1, 2, 0, 61),
        'j' => Number('j', 1, 3, 1, 366),
        'f' => Fraction(),
        'b' or 'h' => Name([.. Months.Select(month => month[..3])], 'm', 1),
        'B' => Name(Months, 'm', 1),
        'a' => Name([.. Days.Select(day => day[..3])], 'w', 0),
        'A' => Name(Days, 'w', 0),
        'p' => Half(),
        'z' => Offset(),
        'Z' => Name(["UTC", "GMT"], 'Z', 0),
        'T' => Directive('H') && Literal(':') && Directive('M') && Literal(':') && Directive('S'),
        'F' => Directive('Y') && Literal('-') && Directive('m') && Literal('-') && Directive('d'),
        '%' => Literal('%'),
        _ => false,
    };

    private bool Space()
    {
        var from = at;
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        return at > from;
    }

    private bool Literal(char c)
    {
        var there = at < text.Length && char.ToLowerInvariant(text[at]) == char.ToLowerInvariant(c);
        at += there ? 1 : 0;
        return there;
    }

    private bool Number(char part, int fewest, int most, int least, int largest)
    {
        var end = at;
        while (end < text.Length && end - at < most && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        if (end - at < fewest || !int.TryParse(text.AsSpan(at, end - at), NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < least || number > largest)
        {
            return false;
        }

        parts[part] = number;
        at = end;
        return true;
    }

    private bool Fraction()
    {
        var from = at;
        if (!Number('f', 1, 6, 0, 999_999))
        {
            return false;
        }

        parts['f'] = int.Parse(text[from..at].PadRight(6, '0'), CultureInfo.InvariantCulture);
        return true;
    }

    private bool Name(string[] names, char part, int first)
    {
        var found = Array.FindIndex(names, name => text.AsSpan(at).StartsWith(name, StringComparison.OrdinalIgnoreCase));
        if (found < 0)
        {
            return false;
        }

        parts[part] = found + first;
        at += names[found].Length;
        return true;
    }

    private bool Half()
    {
        if (!Name(["AM", "PM"], 'p', 0))
        {
            return false;
        }

        isAfternoon = parts['p'] == 1;
        return true;
    }

    private bool Offset()
    {
        if (Literal('Z'))
        {
            offset = TimeSpan.Zero;
            return true;
        }

        var isNegative = at < text.Length && text[at] == '-';
        if (!(Literal('+') || Literal('-')) || !Number('h', 2, 2, 0, 23))
        {
            return false;
        }

        _ = Literal(':');
        if (!Number('n', 2, 2, 0, 59))
        {
            return false;
        }

        offset = new TimeSpan(parts['h'], parts['n'], 0) * (isNegative ? -1 : 1);
        return true;
    }
}
