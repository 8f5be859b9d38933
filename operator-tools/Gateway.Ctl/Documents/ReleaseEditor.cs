using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.Ctl.Documents;

/// <summary>
/// Sets what stands in a document's release block and leaves every other character, comments included, as it is. It
/// replaces values that stand on one line; what it cannot safely replace it refuses.
/// </summary>
internal static class ReleaseEditor
{
    private static readonly HashSet<string> AnsibleTags = new(StringComparer.Ordinal) { "!unsafe", "!vault" };

    /// <summary>The new text.</summary>
    /// <param name="source">The document.</param>
    /// <param name="change">What to set.</param>
    public static Result<string> Edit(SourceText source, ReleaseChange change)
    {
        if (!YamlReader.Read(source, tags: AnsibleTags).TryGet(out var root, out var wrong))
        {
            return wrong;
        }

        var text = Encoding.UTF8.GetString(source.Utf8.Span);
        if (Block(root) is not YamlMapping block)
        {
            return Failure.At(Phase.Parse, root.At, $"has no release block to set; begin with: release: {{serial: 1, expires: {ReleaseCheck.Text(change.Expires ?? default)}, targets: [all]}} {Where(root)}");
        }

        var failures = new List<Failure>();
        var edits = new List<(int Start, int End, string New)>();
        var serial = change.Serial ?? (block["serial"] is YamlScalar old && CoreSchema.Integer(old) is { } number ? number + 1 : 1);
        Scalar(text, block, "serial", serial.ToString(CultureInfo.InvariantCulture), edits, failures);
        if (change.Expires is { } expires)
        {
            Scalar(text, block, "expires", ReleaseCheck.Text(expires), edits, failures);
        }

        if (!change.Targets.IsEmpty)
        {
            Targets(text, block, $"[{string.Join(", ", change.Targets.Select(target => $"\"{target}\""))}]", edits, failures);
        }

        return failures.Count > 0 ? failures.ToImmutableArray() : Apply(text, edits);
    }

    private static YamlNode? Block(YamlNode root) => root switch
    {
        YamlSequence { Items: [YamlMapping play, ..] } => (play["vars"] as YamlMapping)?["release"],
        YamlMapping mapping => mapping["release"],
        _ => null,
    };

    private static string Where(YamlNode root) => root is YamlSequence ? "under the first play's vars" : "as the first line";

    private static void Scalar(string text, YamlMapping block, string key, string value, List<(int, int, string)> edits, List<Failure> failures)
    {
        if (block[key] is YamlScalar scalar && Offset(text, scalar.At) is var start && EndOfScalar(text, start, scalar) is { } end)
        {
            edits.Add((start, end, value));
        }
        else
        {
            failures.Add(Failure.At(Phase.Parse, block.At, $"'{key}' of the release block is missing or is not a plain value on one line; set it by hand"));
        }
    }

    private static void Targets(string text, YamlMapping block, string value, List<(int, int, string)> edits, List<Failure> failures)
    {
        switch (block["targets"])
        {
            case YamlScalar:
                Scalar(text, block, "targets", value, edits, failures);
                return;
            case YamlSequence { Items: [.., YamlScalar last] } list
                when Offset(text, list.At) is var start && text[start] == '[' && EndOfScalar(text, Offset(text, last.At), last) is { } after && text.IndexOf(']', after) is var close and > 0
                    && text.AsSpan(after, close - after).Trim(" ,\n\r\t").IsEmpty:
                edits.Add((start, close + 1, value));
                return;
            default:
                failures.Add(Failure.At(Phase.Parse, (block["targets"] ?? block).At, "'targets' is not a list in brackets; set it by hand, or write it as [all]"));
                return;
        }
    }

    /// <summary>The end of a scalar that stands as it is on one line, or null.</summary>
    private static int? EndOfScalar(string text, int start, YamlScalar scalar)
    {
        var quote = scalar.IsPlain || start >= text.Length || text[start] is not ('"' or '\'') ? "" : text[start].ToString();
        var written = $"{quote}{scalar.Text}{quote}";
        return scalar.Text.Length > 0 && !scalar.Text.Contains('\n', StringComparison.Ordinal) && string.CompareOrdinal(text, start, written, 0, written.Length) == 0
            ? start + written.Length
            : null;
    }

    private static int Offset(string text, Position at)
    {
        var start = 0;
        for (var line = 1; line < at.Line; line++)
        {
            start = text.IndexOf('\n', start) + 1;
        }

        return Math.Min(start + at.Column - 1, text.Length - 1);
    }

    private static string Apply(string text, List<(int Start, int End, string New)> edits)
    {
        foreach (var (start, end, replacement) in edits.OrderByDescending(edit => edit.Start))
        {
            text = string.Concat(text.AsSpan(0, start), replacement, text.AsSpan(end));
        }

        return text;
    }
}
