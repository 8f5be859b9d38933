using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using System.Text;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>Python's <c>text % values</c> (docs.python.org/3/library/stdtypes.html#old-string-formatting).</summary>
internal sealed class PercentFormat
{
    private readonly string format;
    private readonly Value values;
    private readonly Budget budget;
    private readonly StringBuilder into = new();
    private int at;
    private int used;

    private PercentFormat(string format, Value values, Budget budget)
    {
        this.format = format;
        this.values = values;
        this.budget = budget;
    }

    public static string Apply(string format, Value values, Budget budget) => new PercentFormat(format, values, budget).Run();

    private string Run()
    {
        var usesNames = false;
        while (at < format.Length)
        {
            var c = format[at++];
            if (c != '%')
            {
                into.Append(c);
                continue;
            }

            usesNames |= One();
            budget.Step();
        }

        if (!usesNames && values is not DictValue && used < (values is ListValue { IsTuple: true } tuple ? tuple.Items.Length : 1) && values is not ListValue { IsTuple: true, Items.Length: 0 })
        {
            throw new PythonTypeException("not all arguments converted during string formatting");
        }

        return into.ToString();
    }

    private bool One()
    {
        string? name = null;
        if (at < format.Length && format[at] == '(')
        {
            var end = format.IndexOf(')', at);
            name = end < 0 ? throw new TemplateException("incomplete format key") : format[(at + 1)..end];
            at = end + 1;
        }

        var flags = "";
        while (at < format.Length && "-+ #0".Contains(format[at], StringComparison.Ordinal))
        {
            flags += format[at++];
        }

        var width = Number();
        int? precision = null;
        if (at < format.Length && format[at] == '.')
        {
            at++;
            precision = Number() ?? 0;
        }

        while (at < format.Length && format[at] is 'l' or 'h' or 'L' && at < format.Length)
        {
            at++;
        }

        if (at >= format.Length)
        {
            throw new TemplateException("incomplete format");
        }

        var type = format[at++];
        var text = type == '%' ? "%" : Convert(type, Next(name), flags, precision);
        budget.Characters(Math.Max(width ?? 0, text.Length));
        into.Append(Pad(text, flags, width ?? 0, type));
        return name is not null;
    }

    private int? Number()
    {
        if (at < format.Length && format[at] == '*')
        {
            at++;
            return (int)Math.Clamp(PythonEquality.Integer(Next(null)) ?? throw new TemplateException("* wants int"), 0, 1_000_000);
        }

        var from = at;
        while (at < format.Length && char.IsAsciiDigit(format[at]))
        {
            at++;
        }

        return from == at ? null : int.TryParse(format.AsSpan(from, at - from), out var number) && number <= 1_000_000
            ? number
            : throw new TemplateException("the width in a format is too large");
    }

    private Value Next(string? name)
    {
        if (name is not null)
        {
            return values is DictValue dict
                ? dict.TryGet(name, out var named) ? named : throw new TemplateException($"KeyError: {PythonText.Quoted(name)}")
                : throw new TemplateException("format requires a mapping");
        }

        var items = values is ListValue { IsTuple: true } tuple ? tuple.Items : ImmutableArray.Create(values);
        return used < items.Length ? items[used++] : throw new TemplateException("not enough arguments for format string");
    }

    private string Convert(char type, Value value, string flags, int? precision)
    {
        switch (type)
        {
            case 's':
                return Cut(budget.Str(value), precision);
            case 'r' or 'a':
                return Cut(PythonText.Repr(Operators.Defined(value)), precision);
            case 'c':
                return value is TextValue { Value.Length: > 0 } text ? text.Value : char.ConvertFromUtf32((int)Math.Clamp(Integer(value, type), 0, 0x10FFFF));
            case 'd' or 'i' or 'u':
                return Sign(Integer(value, type), flags, number => Digits(number, 10, precision));
            case 'x' or 'X':
                return Sign(Integer(value, type), flags, number => (flags.Contains('#', StringComparison.Ordinal) ? $"0{type}" : "")
                    + (type == 'X' ? Digits(number, 16, precision).ToUpperInvariant() : Digits(number, 16, precision)));
            case 'o':
                return Sign(Integer(value, type), flags, number => (flags.Contains('#', StringComparison.Ordinal) ? "0o" : "") + Digits(number, 8, precision));
            case 'f' or 'F' or 'e' or 'E' or 'g' or 'G':
                var x = PythonEquality.Number(Operators.Defined(value)) ?? throw new TemplateException($"must be real number, not {value.TypeName}");
                var sign = x < 0 || (x == 0 && double.IsNegative(x)) ? "-" : flags.Contains('+', StringComparison.Ordinal) ? "+" : flags.Contains(' ', StringComparison.Ordinal) ? " " : "";
                return sign + FloatFormat.Format(Math.Abs(x), type, Math.Min(precision ?? 6, 300));
            default:
                throw new TemplateException($"unsupported format character '{type}'");
        }
    }

    private static string Cut(string text, int? precision) => precision is { } most && text.Length > most ? text[..most] : text;

    private static long Integer(Value value, char type) => Operators.Defined(value) switch
    {
        FloatValue number when type is 'd' or 'i' or 'u' && Math.Abs(number.Value) < long.MaxValue => (long)number.Value,
        var other => PythonEquality.Integer(other) ?? throw new TemplateException($"%{type} format: a real number is required, not {value.TypeName}"),
    };

    private static string Sign(long number, string flags, Func<BigInteger, string> digits)
    {
        var sign = number < 0 ? "-" : flags.Contains('+', StringComparison.Ordinal) ? "+" : flags.Contains(' ', StringComparison.Ordinal) ? " " : "";
        return sign + digits(BigInteger.Abs(number));
    }

    private static string Digits(BigInteger number, int radix, int? precision)
    {
        var digits = radix == 10 ? number.ToString(CultureInfo.InvariantCulture) : System.Convert.ToString((long)number, radix);
        return digits.PadLeft(Math.Min(precision ?? 0, 10_000), '0');
    }

    private static string Pad(string text, string flags, int width, char type)
    {
        if (flags.Contains('-', StringComparison.Ordinal))
        {
            return text.PadRight(width);
        }

        if (!flags.Contains('0', StringComparison.Ordinal) || type is 's' or 'r' or 'a' or 'c' or '%')
        {
            return text.PadLeft(width);
        }

        var sign = text.Length > 0 && text[0] is '-' or '+' or ' ' ? 1 : 0;
        sign += text.Length > sign + 1 && text[sign] == '0' && text[sign + 1] is 'x' or 'X' or 'o' ? 2 : 0;
        return text[..sign] + text[sign..].PadLeft(width - sign, '0');
    }
}
