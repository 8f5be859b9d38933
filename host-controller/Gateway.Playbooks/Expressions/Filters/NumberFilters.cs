using System.Collections.Immutable;
using System.Globalization;
using System.Numerics;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Methods;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>Numbers.</summary>
internal static class NumberFilters
{
    public static ImmutableArray<Filter> All { get; } =
    [
        new("int", ToInt),
        new("float", (evaluator, value, arguments) => ToFloat(value) is { } number ? new FloatValue(number) : arguments.Bind("float", 0, "default")[0] ?? new FloatValue(0)),
        new("abs", (_, value, _) => value switch
        {
            FloatValue number => Math.Abs(number.Value),
            _ when PythonEquality.Integer(value) is { } number => Operators.Checked(BigInteger.Abs(number)),
            _ => throw new PythonTypeException($"bad operand type for abs(): '{value.TypeName}'"),
        }),
        new("round", Round),
    ];

    private static Value ToInt(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("int", 0, "default", "base");
        var radix = (int)Math.Clamp(TextMethods.Integer(bound[1], 10), 0, 99);
        if (radix is 1 or > 36)
        {
            throw new TemplateException("int() base must be >= 2 and <= 36, or 0");
        }

        if (value is TextValue text && Parse(text.Value, radix) is { } parsed)
        {
            return Operators.Checked(parsed);
        }

        if (PythonEquality.Integer(value) is { } integer)
        {
            return integer;
        }

        return ToFloat(value) switch
        {
            null => bound[0] ?? new IntValue(0),
            { } number when double.IsNaN(number) => bound[0] ?? new IntValue(0),
            { } number when double.IsInfinity(number) => throw new TemplateException("cannot convert float infinity to integer"),
            { } number => Operators.Checked(new BigInteger(number)),
        };
    }

    /// <summary>Python's int(text, base): white space, sign, prefix, single underscores between digits.</summary>
    private static BigInteger? Parse(string text, int radix)
    {
        var digits = text.Trim();
        var isNegative = digits.StartsWith('-');
        digits = isNegative || digits.StartsWith('+') ? digits[1..] : digits;
        var prefix = digits.Length > 1 && digits[0] == '0' ? char.ToLowerInvariant(digits[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 0 } : 0;
        if (prefix != 0 && (radix == prefix || radix == 0))
        {
            digits = digits[2..];
            digits = digits.StartsWith('_') ? digits[1..] : digits;
            radix = prefix;
        }
        else if (radix == 0)
        {
            radix = digits.Length > 1 && digits[0] == '0' && digits.Trim('0', '_').Length > 0 ? 99 : 10;
        }

        if (digits.Length is 0 or > 300 || digits.StartsWith('_') || digits.EndsWith('_') || digits.Contains("__", StringComparison.Ordinal) || radix == 99)
        {
            return null;
        }

        BigInteger number = 0;
        foreach (var c in digits.Where(c => c != '_'))
        {
            var digit = char.IsAsciiDigit(c) ? c - '0' : char.IsAsciiLetter(c) ? char.ToLowerInvariant(c) - 'a' + 10 : 99;
            if (digit >= radix)
            {
                return null;
            }

            number = (number * radix) + digit;
        }

        return isNegative ? -number : number;
    }

    private static double? ToFloat(Value value)
    {
        if (PythonEquality.Number(value) is { } number)
        {
            return number;
        }

        if (value is not TextValue text)
        {
            return null;
        }

        var trimmed = text.Value.Trim();
        var bare = trimmed.TrimStart('+', '-').ToLowerInvariant();
        if (bare is "inf" or "infinity" or "nan" && trimmed.Length - bare.Length <= 1)
        {
            return bare == "nan" ? double.NaN : trimmed[0] == '-' ? double.NegativeInfinity : double.PositiveInfinity;
        }

        var digits = trimmed.Contains('_', StringComparison.Ordinal) && !trimmed.Contains("__", StringComparison.Ordinal) && !trimmed.StartsWith('_') && !trimmed.EndsWith('_')
            ? trimmed.Replace("_", "", StringComparison.Ordinal) : trimmed;
        const NumberStyles styles = NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent;
        return digits.Length > 0 && !char.IsLetter(digits[^1]) && double.TryParse(digits, styles, CultureInfo.InvariantCulture, out var parsed) ? parsed : null;
    }

    private static Value Round(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("round", 0, "precision", "method");
        var precision = (int)Math.Clamp(TextMethods.Integer(bound[0], 0), -300, 300);
        var method = bound[1] is null ? "common" : evaluator.Budget.Str(bound[1]!);
        var number = PythonEquality.Number(value) ?? throw new PythonTypeException($"type {value.TypeName} doesn't define __round__ method");
        switch (method)
        {
            case "ceil":
                return Math.Ceiling(number * Math.Pow(10, precision)) / Math.Pow(10, precision);
            case "floor":
                return Math.Floor(number * Math.Pow(10, precision)) / Math.Pow(10, precision);
            case "common" when PythonEquality.Integer(value) is { } integer:
                return precision >= 0 ? integer : Operators.Checked(RoundTo(integer, BigInteger.Pow(10, Math.Min(-precision, 30))));
            case "common":
                return double.IsFinite(number) && precision >= 0 ? double.Parse(number.ToString("F" + Math.Min(precision, 300), CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
                    : double.IsFinite(number) ? (double)RoundTo(new BigInteger(Math.Round(number)), BigInteger.Pow(10, -precision)) : number;
            default:
                throw new TemplateException("method must be common, ceil or floor");
        }
    }

    /// <summary>To a multiple, halves to the even one.</summary>
    private static BigInteger RoundTo(BigInteger number, BigInteger unit)
    {
        var quotient = BigInteger.DivRem(number, unit, out var rest);
        var twice = BigInteger.Abs(rest) * 2;
        var away = twice > unit || (twice == unit && !quotient.IsEven);
        return (quotient + (away ? number.Sign : 0)) * unit;
    }
}
