using System.Text;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.Playbooks.Modules;

/// <summary>Sets one key of a YAML mapping in a text, and leaves every other line, comments included, as it is.</summary>
internal static class SettingsText
{
    /// <summary>The new text; the same when the key has the value already.</summary>
    /// <param name="name">What messages call the text.</param>
    /// <param name="text">A mapping in block style.</param>
    /// <param name="key">The key.</param>
    /// <param name="value">Its value as YAML, on one line.</param>
    public static Result<string> Set(string name, string text, string key, string value)
    {
        if (!Read(name, text).TryGet(out var root, out var wrong) || !Read(name, $"{key}: {value}").TryGet(out var wanted, out wrong))
        {
            return wrong;
        }

        if (Same(root[key], wanted[key]))
        {
            return text;
        }

        var lines = text.Split('\n').ToList();
        if (root.Entries is [{ Key.At: { } first }, ..] && lines[first.Line - 1].TrimStart().StartsWith('{'))
        {
            return Failure.At(Phase.Apply, first, "is a mapping in braces, in which no single line can be set; write each key on a line of its own");
        }

        if (root.Entries.FirstOrDefault(entry => entry.Key.Text == key) is { } there)
        {
            var from = there.Key.At.Line - 1;
            lines.RemoveRange(from, LastLine(lines, from) - from + 1);
            lines.Insert(from, $"{key}: {value}");
        }
        else
        {
            // Beside the example that the shipped file has in a comment, else at the end.
            var example = lines.FindIndex(line => line.StartsWith($"#{key}:", StringComparison.Ordinal));
            var at = example >= 0 ? example + 1 : lines[^1].Length == 0 ? lines.Count - 1 : lines.Count;
            lines.Insert(at, $"{key}: {value}");
            lines.AddRange(lines[^1].Length == 0 ? [] : [""]);
        }

        var edited = string.Join('\n', lines);
        return Read(name, edited) is { IsSuccess: true, Value: { } result } && Same(result[key], wanted[key]) && result.Entries.Length >= root.Entries.Length
            ? edited
            : new Failure(Phase.Apply, name, $"'{key}' cannot be set in it; set it by hand");
    }

    /// <summary>A text in quotes.</summary>
    public static string Quoted(string text) => $"\"{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    private static Result<YamlMapping> Read(string name, string text) => YamlReader.Read(new SourceText(name, Encoding.UTF8.GetBytes(text))).Then<YamlMapping>(root =>
        root as YamlMapping ?? (Result<YamlMapping>)new Failure(Phase.Parse, name, "must be a mapping"));

    /// <summary>The last line of a key's value: what follows is indented, or an item of a list; blanks and comments only between such lines.</summary>
    private static int LastLine(List<string> lines, int from)
    {
        var last = from;
        for (var at = from + 1; at < lines.Count; at++)
        {
            var line = lines[at].TrimEnd('\r');
            if (line.Trim().Length == 0 || line.TrimStart().StartsWith('#'))
            {
                continue;
            }

            if (line[0] is not (' ' or '\t') && !line.StartsWith("- ", StringComparison.Ordinal) && line != "-")
            {
                break;
            }

            last = at;
        }

        return last;
    }

    private static bool Same(YamlNode? one, YamlNode? other) => (one, other) switch
    {
        (YamlScalar left, YamlScalar right) => left.Text == right.Text,
        (YamlSequence left, YamlSequence right) => left.Items.Length == right.Items.Length && left.Items.Zip(right.Items).All(pair => Same(pair.First, pair.Second)),
        _ => false,
    };
}
