using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Lookups;

/// <summary><c>start=0 end=10 stride=2 format=host%02d</c>, or <c>0-10/2:host%02d</c>: numbers as texts.</summary>
internal static partial class SequenceLookup
{
    public static IEnumerable<Value> Run(LookupCall call) => call.Terms.IsEmpty ? Make(call, call.Options.ToDictionary(option => option.Key, option => call.Text(option.Value), StringComparer.Ordinal))
        : call.Terms.SelectMany(term => Make(call, Read(call.Text(term))));

    private static Dictionary<string, string> Read(string term)
    {
        if (Short().Match(term) is { Success: true } match)
        {
            var given = new Dictionary<string, string>(StringComparer.Ordinal) { ["end"] = match.Groups["end"].Value };
            foreach (var name in (string[])["start", "stride", "format"])
            {
                if (match.Groups[name].Success)
                {
                    given[name] = match.Groups[name].Value;
                }
            }

            return given;
        }

        if (!Parsing.KeyValueText.TryParse(term, isCommand: false, out var pairs, out var rest, out _) || rest.Length > 0)
        {
            throw new TemplateException("unrecognized arguments to with_sequence: ['_raw_params']");
        }

        return pairs.ToDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
    }

    private static IEnumerable<Value> Make(LookupCall call, Dictionary<string, string> given)
    {
        if (given.Keys.FirstOrDefault(key => key is not ("start" or "end" or "count" or "stride" or "format")) is { } unknown)
        {
            throw new TemplateException($"unrecognized arguments to with_sequence: ['{unknown}']");
        }

        long? Number(string name) => given.TryGetValue(name, out var text) ? Integer(name, text) : null;
        var (start, stride) = (Number("start") ?? 1, Number("stride"));
        var end = Number("end");
        if (Number("count") is { } count)
        {
            if (end is not null)
            {
                throw new TemplateException("can't specify both count and end in with_sequence");
            }

            // Ansible's own count, one too many when it goes backwards.
            (start, stride) = count == 0 ? (0, 0) : (start, stride ?? 1);
            end = count == 0 ? 0 : start + (count * stride) - 1;
        }

        var last = end ?? throw new TemplateException("must specify count or end in with_sequence");
        var step = stride ?? 1;
        if (step > 0 && last < start)
        {
            throw new TemplateException("to count backwards make stride negative");
        }

        if (step < 0 && last > start)
        {
            throw new TemplateException("to count forward don't make stride negative");
        }

        var format = given.GetValueOrDefault("format", "%d");
        return format.Count(c => c == '%') == 1 ? Numbers(call, start, last, step, format) : throw new TemplateException($"bad formatting string: {format}");
    }

    private static IEnumerable<Value> Numbers(LookupCall call, long start, long end, long step, string format)
    {
        for (var number = start; step != 0 && (step > 0 ? number <= end : number >= end); number += step)
        {
            call.Evaluator.Budget.Step();
            yield return Formatted(call, number, format);
        }
    }

    private static TextValue Formatted(LookupCall call, long number, string format)
    {
        try
        {
            return call.Evaluator.Budget.Text(PercentFormat.Apply(format, new IntValue(number), call.Evaluator.Budget));
        }
        catch (PythonTypeException)
        {
            throw new TemplateException($"problem formatting {number} with {PythonText.Quoted(format)}");
        }
    }

    /// <summary>As Python's <c>int(text, 0)</c>: 0x, 0o and 0b tell the base, and no zero may come before the digits.</summary>
    private static long Integer(string name, string text)
    {
        var digits = text.Trim().Replace("_", "", StringComparison.Ordinal).ToLowerInvariant();
        var radix = digits.Length < 3 ? 10 : digits[..2] switch { "0x" => 16, "0o" => 8, "0b" => 2, _ => 10 };
        try
        {
            return radix != 10 ? Convert.ToInt64(digits[2..], radix)
                : digits.Trim('0').Length > 0 && digits.TrimStart('+', '-').StartsWith('0') ? throw new FormatException()
                : long.Parse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        }
        catch (Exception e) when (e is FormatException or OverflowException or ArgumentException)
        {
            throw new TemplateException($"can't parse {name}={text} as integer");
        }
    }

    [GeneratedRegex(@"^\s*(?:(?<start>(?:0x)?[0-9a-fA-F]+)-)?(?<end>(?:0x)?[0-9a-fA-F]+)(?:/(?<stride>-?(?:0x)?[0-9a-fA-F]+))?(?::(?<format>.+))?\s*\z", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Short();
}
