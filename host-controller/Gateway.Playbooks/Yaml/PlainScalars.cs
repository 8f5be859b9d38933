using System.Globalization;
using System.Numerics;
using System.Text.RegularExpressions;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Yaml;

/// <summary>Types of plain scalars by PyYAML's resolver (yaml/resolver.py) and constructor, rule by rule.</summary>
internal static partial class PlainScalars
{
    /// <summary>The value of a plain scalar; fails on integers beyond 64 bits and dates that do not exist.</summary>
    public static Result<Value> Resolve(string text)
    {
        switch (text)
        {
            case "" or "~" or "null" or "Null" or "NULL":
                return NullValue.None;
            case "yes" or "Yes" or "YES" or "true" or "True" or "TRUE" or "on" or "On" or "ON":
                return BoolValue.True;
            case "no" or "No" or "NO" or "false" or "False" or "FALSE" or "off" or "Off" or "OFF":
                return BoolValue.False;
            case "=":
                return new Failure(Phase.Parse, "", "'=' alone has a meaning of its own in YAML 1.1: put it in quotes");
        }

        if (text.Length > 400 || !(char.IsAsciiDigit(text[0]) || text[0] is '-' or '+' or '.'))
        {
            return new TextValue(text);
        }

        return FloatPattern().IsMatch(text) ? new FloatValue(Float(text))
            : IntPattern().IsMatch(text) ? Int(text)
            : TimePattern().Match(text) is { Success: true } time ? Time(text, time)
            : new TextValue(text);
    }

    private static Result<Value> Int(string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal);
        var isNegative = digits[0] == '-';
        digits = digits.TrimStart('+', '-');
        var number = digits switch
        {
            "0" => 0,
            _ when digits.StartsWith("0b", StringComparison.Ordinal) => Radix(digits[2..], 2),
            _ when digits.StartsWith("0x", StringComparison.Ordinal) => Radix(digits[2..], 16),
            _ when digits[0] == '0' => Radix(digits, 8),
            _ => digits.Split(':').Aggregate(BigInteger.Zero, (sum, part) => (sum * 60) + Radix(part, 10)),
        };
        number = isNegative ? -number : number;
        return number >= long.MinValue && number <= long.MaxValue
            ? new IntValue((long)number)
            : new Failure(Phase.Parse, "", $"the integer {text} does not fit into 64 bits: put it in quotes if a text is meant");
    }

    private static BigInteger Radix(string digits, int radix)
    {
        BigInteger number = 0;
        foreach (var c in digits)
        {
            number = (number * radix) + (char.IsAsciiDigit(c) ? c - '0' : char.ToLowerInvariant(c) - 'a' + 10);
        }

        return number;
    }

    private static double Float(string text)
    {
        var digits = text.Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        var sign = digits[0] == '-' ? -1.0 : 1.0;
        digits = digits.TrimStart('+', '-');
        return digits switch
        {
            ".inf" => sign * double.PositiveInfinity,
            ".nan" => double.NaN,
            _ => sign * digits.Split(':').Aggregate(0.0, (sum, part) => (sum * 60) + double.Parse(part, NumberStyles.Float, CultureInfo.InvariantCulture)),
        };
    }

    private static Result<Value> Time(string text, Match match)
    {
        int Number(string group) => match.Groups[group].Success ? int.Parse(match.Groups[group].ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture) : 0;
        try
        {
            var day = new DateTime(Number("year"), Number("month"), Number("day"), 0, 0, 0, DateTimeKind.Unspecified);
            if (!match.Groups["hour"].Success)
            {
                return new TimeValue(new DateTimeOffset(day, TimeSpan.Zero), IsDate: true, HasOffset: false);
            }

            var (hour, minute, second) = (Number("hour"), Number("minute"), Number("second"));
            if (hour > 23 || minute > 59 || second > 59)
            {
                throw new ArgumentOutOfRangeException(nameof(match));
            }

            var fraction = match.Groups["fraction"].Value.PadRight(6, '0')[..6];
            var ticks = new TimeSpan(hour, minute, second).Ticks + (long.Parse(fraction, CultureInfo.InvariantCulture) * 10);
            var offset = new TimeSpan(Number("tz_hour"), Number("tz_minute"), 0) * (match.Groups["tz_sign"].Value == "-" ? -1 : 1);
            return new TimeValue(new DateTimeOffset(day.AddTicks(ticks), offset), IsDate: false, HasOffset: match.Groups["tz"].Success);
        }
        catch (ArgumentOutOfRangeException)
        {
            return new Failure(Phase.Parse, "", $"the date {text} does not exist: put it in quotes if a text is meant");
        }
        catch (ArgumentException)
        {
            return new Failure(Phase.Parse, "", $"the time zone of {text} is out of range: put it in quotes if a text is meant");
        }
    }

    [GeneratedRegex(@"^(?:[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FloatPattern();

    [GeneratedRegex(@"^(?:[-+]?0b[0-1_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex IntPattern();

    [GeneratedRegex(@"^(?<year>[0-9]{4})-(?:(?<month>[0-9]{2})-(?<day>[0-9]{2})|(?<month>[0-9]{1,2})-(?<day>[0-9]{1,2})(?:[Tt]|[ \t]+)(?<hour>[0-9]{1,2}):(?<minute>[0-9]{2}):(?<second>[0-9]{2})(?:\.(?<fraction>[0-9]*))?(?:[ \t]*(?<tz>Z|(?<tz_sign>[-+])(?<tz_hour>[0-9]{1,2})(?::(?<tz_minute>[0-9]{2}))?))?)\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex TimePattern();
}
