using System.Collections.Immutable;
using System.Text;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>Reads <c>env_file</c> whose content stands in the document: lines of <c>NAME=value</c> as in a <c>.env</c> file.</summary>
internal static class EnvFileReader
{
    /// <summary>The variables, those of a later item over those of an earlier one.</summary>
    public static ImmutableSortedDictionary<string, string?> Read(YamlNode node, Reading reading)
    {
        var result = ImmutableSortedDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        foreach (var item in node is YamlSequence list ? list.Items.AsEnumerable() : [node])
        {
            if (item is not YamlMapping { } map || map["path"] is not null)
            {
                reading.Fail(item, "'env_file' takes no path, as a document stands alone; write {content: |…} with lines of NAME=value, or 'environment'");
                continue;
            }

            var fields = reading.Open(map, "'env_file'");
            var content = fields.Required("content");
            var isRaw = fields.Text("format") is { } format && IsRaw(fields, format);
            fields.RejectUnknown();
            if (content is not null && reading.Text(content, "'content'") is { } text)
            {
                Lines(text, isRaw, result, message => reading.Fail(content, message));
            }
        }

        return result.ToImmutable();
    }

    private static bool IsRaw(YamlFields fields, string format)
    {
        if (format != "raw")
        {
            fields.Fail(fields.Node("format")!, "'format' must be raw (values are taken as they are) or left out");
        }

        return true;
    }

    private static void Lines(string text, bool isRaw, ImmutableSortedDictionary<string, string?>.Builder result, Action<string> fail)
    {
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var rest = line.Trim();
            rest = rest.StartsWith("export ", StringComparison.Ordinal) ? rest[7..].TrimStart() : rest;
            if (rest.Length == 0 || rest[0] == '#')
            {
                continue;
            }

            var equals = rest.IndexOf('=', StringComparison.Ordinal);
            var name = equals > 0 ? rest[..equals].TrimEnd() : "";
            var value = equals > 0 ? Value(rest[(equals + 1)..].TrimStart(), isRaw) : null;
            if (name.Length == 0 || name.Any(char.IsWhiteSpace))
            {
                fail($"line {number} of the content is not NAME=value");
            }
            else if (value is null)
            {
                fail($"line {number} of the content: the value of '{name}' has a quote that is not closed, or text after it");
            }
            else
            {
                result[name] = value;
            }
        }
    }

    /// <summary>Single quotes: as it stands. Double quotes: with escapes. Without: up to a comment. Null when the quote is wrong.</summary>
    private static string? Value(string text, bool isRaw)
    {
        if (isRaw)
        {
            return text;
        }

        if (text.Length == 0 || text[0] is not ('\'' or '"'))
        {
            var comment = text.StartsWith('#') ? 0 : text.IndexOf(" #", StringComparison.Ordinal);
            return (comment < 0 ? text : text[..comment]).TrimEnd();
        }

        var value = new StringBuilder();
        for (var i = 1; i < text.Length; i++)
        {
            if (text[i] == text[0])
            {
                var after = text[(i + 1)..].TrimStart();
                return after.Length == 0 || after[0] == '#' ? value.ToString() : null;
            }

            if (text[0] == '"' && text[i] == '\\' && i + 1 < text.Length)
            {
                value.Append(text[++i] switch { 'n' => "\n", 'r' => "\r", 't' => "\t", '"' or '\\' or '$' => text[i].ToString(), var other => $"\\{other}" });
            }
            else
            {
                value.Append(text[i]);
            }
        }

        return null;
    }
}
