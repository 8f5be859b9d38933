using System.Globalization;

namespace Gateway.Playbooks.Expressions.Evaluation;

/// <summary>Floats by C's <c>f</c>, <c>e</c> and <c>g</c>, rounded to even as Python does from the exact value.</summary>
internal static class FloatFormat
{
    public static string Format(double number, char type, int precision)
    {
        if (double.IsNaN(number) || double.IsInfinity(number))
        {
            var name = double.IsNaN(number) ? "nan" : "inf";
            return char.IsUpper(type) ? name.ToUpperInvariant() : name;
        }

        return type switch
        {
            'f' or 'F' => number.ToString("F" + precision, CultureInfo.InvariantCulture),
            'e' or 'E' => Exponent(number, precision, type),
            _ => General(number, Math.Max(1, precision), type),
        };
    }

    private static string Exponent(double number, int precision, char type)
    {
        var text = number.ToString((precision == 0 ? "0" : "0." + new string('0', precision)) + "e+00", CultureInfo.InvariantCulture);
        if (precision > 14)
        {
            text = number.ToString("E" + precision, CultureInfo.InvariantCulture);
            var e = text.IndexOf('E', StringComparison.Ordinal);
            var exponent = int.Parse(text.AsSpan(e + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
            text = $"{text[..e]}e{(exponent < 0 ? '-' : '+')}{Math.Abs(exponent).ToString("00", CultureInfo.InvariantCulture)}";
        }

        return type == 'E' ? text.ToUpperInvariant() : text;
    }

    private static string General(double number, int precision, char type)
    {
        var scientific = number.ToString("E" + (precision - 1), CultureInfo.InvariantCulture);
        var exponent = number == 0 ? 0 : int.Parse(scientific.AsSpan(scientific.IndexOf('E', StringComparison.Ordinal) + 1), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        if (exponent < -4 || exponent >= precision)
        {
            var text = Exponent(number, precision - 1, 'e');
            var e = text.IndexOf('e', StringComparison.Ordinal);
            text = Trim(text[..e]) + text[e..];
            return type == 'G' ? text.ToUpperInvariant() : text;
        }

        return Trim(number.ToString("F" + (precision - 1 - exponent), CultureInfo.InvariantCulture));
    }

    private static string Trim(string digits) => digits.Contains('.', StringComparison.Ordinal) ? digits.TrimEnd('0').TrimEnd('.') : digits;
}
