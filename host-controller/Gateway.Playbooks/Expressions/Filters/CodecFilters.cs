using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Methods;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>JSON, base 64, hashes and addresses.</summary>
internal static class CodecFilters
{
    private static readonly UTF8Encoding Utf8 = new(false, true);

    public static ImmutableArray<Filter> All { get; } =
    [
        new("to_json", (evaluator, value, arguments) => ToJson(evaluator, value, arguments.Bind("to_json", 0, "indent", "sort_keys", "ensure_ascii", "separators"), isNice: false)),
        new("to_nice_json", (evaluator, value, arguments) => ToJson(evaluator, value, arguments.Bind("to_nice_json", 0, "indent", "sort_keys", "ensure_ascii", "separators"), isNice: true)),
        new("from_json", (evaluator, value, _) => FromJson(evaluator, value)),
        new("b64encode", (evaluator, value, arguments) => evaluator.Budget.Text(Convert.ToBase64String(Bytes(evaluator, value, arguments.Bind("b64encode", 0, "encoding")[0])))),
        new("b64decode", (evaluator, value, arguments) => FromBase64(evaluator, value, arguments.Bind("b64decode", 0, "encoding")[0])),
        new("hash", (evaluator, value, arguments) => Hash(evaluator, value, arguments.Bind("hash", 0, "hashtype")[0] is { } type ? evaluator.Budget.Str(type) : "sha1")),
        new("checksum", (evaluator, value, _) => Hash(evaluator, value, "sha1")),
        new("sha1", (evaluator, value, _) => Hash(evaluator, value, "sha1")),
        new("md5", (evaluator, value, _) => Hash(evaluator, value, "md5")),
        new("urlencode", UrlEncode),
        new("urlsplit", UrlSplit.Apply),
    ];

    private static TextValue ToJson(Evaluator evaluator, Value value, Value?[] bound, bool isNice)
    {
        evaluator.Budget.Walk(value);
        var indent = bound[0] switch { null => isNice ? 4 : (int?)null, NullValue => null, var given => (int)Math.Clamp(TextMethods.Integer(given, 4), 0, 100) };
        (string, string)? separators = bound[3] is ListValue { Items: [TextValue between, TextValue after] } ? (between.Value, after.Value) : null;
        var text = ValueJson.Write(value, indent, bound[1]?.IsTrue ?? isNice, bound[2]?.IsTrue ?? true, evaluator.Budget.Limits.Characters, separators);
        return evaluator.Budget.Text(text ?? throw new TemplateException("the value cannot be written as JSON: it is too large, or holds something undefined or omitted"));
    }

    private static Value FromJson(Evaluator evaluator, Value value)
    {
        var read = ValueJson.Read(TextMethods.Text(value), Position.Of(""));
        evaluator.Budget.Step(1 + (((TextValue)value).Value.Length / 4));
        return read.TryGet(out var result, out var wrong) ? result : throw new PythonValueException(wrong[0].Message["is not valid JSON: ".Length..]);
    }

    private static byte[] Bytes(Evaluator evaluator, Value value, Value? encoding = null)
    {
        if (encoding is TextValue { Value: var name } && name.ToLowerInvariant() is not ("utf-8" or "utf8"))
        {
            throw new TemplateException($"encoding '{name}' is not supported: only utf-8");
        }

        return Utf8.GetBytes(evaluator.Budget.Str(value));
    }

    private static TextValue FromBase64(Evaluator evaluator, Value value, Value? encoding)
    {
        // Python drops characters outside the alphabet before it decodes.
        var text = string.Concat(Utf8.GetString(Bytes(evaluator, value, encoding)).Where(c => char.IsAsciiLetterOrDigit(c) || c is '+' or '/' or '='));
        try
        {
            return evaluator.Budget.Text(Utf8.GetString(Convert.FromBase64String(text)));
        }
        catch (FormatException)
        {
            throw new PythonValueException(text.TrimEnd('=').Length % 4 == 1
                ? $"Invalid base64-encoded string: number of data characters ({text.TrimEnd('=').Length}) cannot be 1 more than a multiple of 4"
                : "Incorrect padding");
        }
        catch (DecoderFallbackException)
        {
            throw new TemplateException("b64decode: the result is not UTF-8 text");
        }
    }

    private static TextValue Hash(Evaluator evaluator, Value value, string type)
    {
        var bytes = Bytes(evaluator, value);
#pragma warning disable CA5350, CA5351 // Named by the playbook, as content identifiers; nothing is trusted because of them.
        var hash = type switch
        {
            "md5" => MD5.HashData(bytes),
            "sha1" => SHA1.HashData(bytes),
            "sha256" => SHA256.HashData(bytes),
            "sha384" => SHA384.HashData(bytes),
            "sha512" => SHA512.HashData(bytes),
            _ => throw new TemplateException($"unsupported hash type {type}"),
        };
#pragma warning restore CA5350, CA5351
        return new TextValue(Convert.ToHexStringLower(hash));
    }

    private static TextValue UrlEncode(Evaluator evaluator, Value value, Arguments arguments)
    {
        if (value is not (DictValue or ListValue))
        {
            return evaluator.Budget.Text(Quote(evaluator.Budget.Str(value), "/"));
        }

        var pairs = value is DictValue dict
            ? dict.Entries.Select(entry => (entry.Key, entry.Value))
            : Items.Of(value, evaluator.Budget).Select(pair => Items.Of(pair, evaluator.Budget) is [var key, var item] ? (key, item) : throw new TemplateException("urlencode takes pairs"));
        string Part(Value part) => Quote(evaluator.Budget.Str(part), "").Replace("%20", "+", StringComparison.Ordinal);
        return evaluator.Budget.Text(string.Join('&', pairs.Select(pair => $"{Part(pair.Item1)}={Part(pair.Item2)}")));
    }

    private static string Quote(string text, string safe)
    {
        var into = new StringBuilder();
        foreach (var b in Utf8.GetBytes(text))
        {
            var c = (char)b;
            into.Append(b < 128 && (char.IsAsciiLetterOrDigit(c) || "_.-~".Contains(c, StringComparison.Ordinal) || safe.Contains(c, StringComparison.Ordinal)) ? c.ToString() : $"%{b:X2}");
        }

        return into.ToString();
    }
}
