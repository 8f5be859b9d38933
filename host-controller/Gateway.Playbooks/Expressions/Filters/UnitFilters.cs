using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>Sizes as people write them, and other things numbers are made into.</summary>
internal static partial class UnitFilters
{
    private const string Powers = "YZEPTGMK";

    public static ImmutableArray<Filter> All { get; } =
    [
        new("human_readable", Readable),
        new("human_to_bytes", Bytes),
        new("filesizeformat", FileSize),
        new("log", (_, value, arguments) => Math.Log(Number(value)) / (arguments.Bind("log", 0, "base")[0] is { } radix ? Math.Log(Number(radix)) : 1)),
        new("pow", (evaluator, value, arguments) => Math.Pow(Number(value), Number(arguments.Bind("pow", 1, "x")[0]!))),
        new("root", (_, value, arguments) => arguments.Bind("root", 0, "base")[0] is { } radix && Number(radix) != 2 ? Math.Pow(Number(value), 1 / Number(radix)) : Math.Sqrt(Number(value))),
    ];

    private static double Number(Value value) => PythonEquality.Number(value) ?? throw new TemplateException($"must be real number, not {value.TypeName}");

    private static TextValue Readable(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("human_readable", 0, "isbits", "unit");
        var (size, isBits) = (Size(value), bound[0]?.IsTrue ?? false);
        var unit = bound[1] is TextValue text ? text.Value.ToUpperInvariant() : null;
        var plain = isBits ? "bits" : "Bytes";
        for (var i = 0; i < Powers.Length; i++)
        {
            var limit = Math.Pow(1024, Powers.Length - i);
            if ((unit is null && size >= limit) || (unit is { Length: > 0 } && unit[0] == Powers[i]))
            {
                return evaluator.Budget.Text($"{PercentFormat.Apply("%.2f", size / limit, evaluator.Budget)} {Powers[i]}{(isBits ? "b" : "B")}");
            }
        }

        return evaluator.Budget.Text($"{PercentFormat.Apply("%.2f", size, evaluator.Budget)} {plain}");
    }

    private static double Size(Value value) => value is TextValue text && double.TryParse(text.Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
        : PythonEquality.Number(value) ?? throw new TemplateException("human_readable() can't interpret the size");

    private static Value Bytes(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("human_to_bytes", 0, "default_unit", "isbits");
        var text = evaluator.Budget.Str(value);
        var match = Amount().Match(text);
        var isBits = bound[1]?.IsTrue ?? false;
        if (!match.Success || !double.TryParse(match.Groups[1].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number))
        {
            throw new TemplateException($"human_to_bytes() can't interpret following string: {text}");
        }

        var unit = match.Groups[2].Value.Length > 0 ? match.Groups[2].Value : bound[0] is TextValue byDefault ? byDefault.Value : "";
        if (unit.Length == 0)
        {
            return (long)Math.Round(number, MidpointRounding.ToEven);
        }

        var power = Powers.IndexOf(char.ToUpperInvariant(unit[0]), StringComparison.Ordinal);
        var rest = power < 0 ? unit : unit[1..];
        var fits = rest.Length == 0 || (isBits ? rest is "b" || rest.Equals("bit", StringComparison.OrdinalIgnoreCase) || rest.Equals("bits", StringComparison.OrdinalIgnoreCase)
            : rest is "B" || rest.Equals("byte", StringComparison.OrdinalIgnoreCase) || rest.Equals("bytes", StringComparison.OrdinalIgnoreCase));
        return fits
            ? (long)Math.Round(number * (power < 0 ? 1 : Math.Pow(1024, Powers.Length - power)), MidpointRounding.ToEven)
            : throw new TemplateException($"human_to_bytes() failed to convert {text} (unit = {unit}). The suffix must be one of {string.Join(", ", Powers.Append('B'))}");
    }

    private static TextValue FileSize(Evaluator evaluator, Value value, Arguments arguments)
    {
        var isBinary = arguments.Bind("filesizeformat", 0, "binary")[0]?.IsTrue ?? false;
        var bytes = Size(value);
        var radix = isBinary ? 1024.0 : 1000.0;
        if (bytes == 1 || bytes < radix)
        {
            return evaluator.Budget.Text(bytes == 1 ? "1 Byte" : $"{(long)bytes} Bytes");
        }

        string[] prefixes = isBinary ? ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB", "ZiB", "YiB"] : ["kB", "MB", "GB", "TB", "PB", "EB", "ZB", "YB"];
        var at = 0;
        var unit = radix * radix;
        while (bytes >= unit && at < prefixes.Length - 1)
        {
            at++;
            unit *= radix;
        }

        return evaluator.Budget.Text($"{PercentFormat.Apply("%.1f", radix * bytes / unit, evaluator.Budget)} {prefixes[at]}");
    }

    [GeneratedRegex(@"^\s*([0-9]*\.?[0-9]*)\s*([A-Za-z]+)?\s*$", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Amount();
}
