using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Core.Yaml;

/// <summary>Types of plain scalars by the YAML 1.2 core schema (yaml.org/spec/1.2.2, chapter 10.3); JSON is a subset of it.</summary>
public static partial class CoreSchema
{
    public const string StringTag = "tag:yaml.org,2002:str";

    /// <summary>Whether the scalar is null: empty, <c>~</c> or <c>null</c>.</summary>
    public static bool IsNull(YamlScalar scalar) => IsTyped(scalar) && (scalar.Text is "" or "~" or "null" or "Null" or "NULL");

    /// <summary><c>true</c> or <c>false</c>, else null.</summary>
    public static bool? Boolean(YamlScalar scalar) => !IsTyped(scalar) ? null : scalar.Text switch
    {
        "true" or "True" or "TRUE" => true,
        "false" or "False" or "FALSE" => false,
        _ => null,
    };

    /// <summary>A decimal, <c>0o</c> octal or <c>0x</c> hexadecimal integer of 64 bits, else null.</summary>
    public static long? Integer(YamlScalar scalar)
    {
        if (!IsTyped(scalar))
        {
            return null;
        }

        var text = scalar.Text;
        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            return long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var hex) ? hex : null;
        }

        if (text.StartsWith("0o", StringComparison.Ordinal))
        {
            return OctalDigits().IsMatch(text) ? Convert.ToInt64(text[2..], 8) : null;
        }

        return DecimalDigits().IsMatch(text) && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number : null;
    }

    /// <summary>An integer or floating-point number, else null.</summary>
    public static double? Number(YamlScalar scalar)
    {
        if (Integer(scalar) is { } integer)
        {
            return integer;
        }

        return IsTyped(scalar) && FloatDigits().IsMatch(scalar.Text) && double.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    private static bool IsTyped(YamlScalar scalar) => scalar.IsPlain && scalar.Tag is null;

    [GeneratedRegex("^0o[0-7]{1,21}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex OctalDigits();

    [GeneratedRegex("^[-+]?[0-9]{1,19}$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex DecimalDigits();

    [GeneratedRegex(@"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex FloatDigits();
}
