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
        new("log", (_, value, arguments) => arguments.Bind("log", 0, "base")[0] is { } radix
            ? Number(radix, "log") == 10 ? Math.Log10(Number(value, "log")) : Math.Log(Number(value, "log")) / Math.Log(Number(radix, "log"))
            : Math.Log(Number(value, "log"))),
        new("pow", (evaluator, value, arguments) => Math.Pow(Number(value, "pow"), Number(arguments.Bind("pow", 1, "x")[0]!, "pow"))),
        new("root", (_, value, arguments) => arguments.Bind("root", 0, "base")[0] is { } radix && Number(radix, "root") != 2 ? Math.Pow(Number(value, "root"), 1 / Number(radix, "root")) : Math.Sqrt(Number(value, "root"))),
    ];

    private static double Number(Value value, string filter) =>
        PythonEquality.Number(Operators.Defined(value)) ?? throw new PythonTypeException($"{filter}() can only be used on numbers: must be real number, not {value.TypeName}");

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

        var power = (Powers + "B").IndexOf(char.ToUpperInvariant(unit[0]), StringComparison.Ordinal);
        var fits = power >= 0 && (unit.Length == 1 || unit.Contains(isBits ? "bit" : "byte", StringComparison.OrdinalIgnoreCase) || unit[1] == (isBits ? 'b' : 'B'));
        return fits
            ? (long)Math.Round(number * Math.Pow(1024, Powers.Length - power), MidpointRounding.ToEven)
            : throw new TemplateException($"human_to_bytes() can't interpret following string: {text}");
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

    [GeneratedRegex(@"^\s*([0-9]*\.?[0-9]*)\s*([A-Za-z]+)?", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Amount();
}
