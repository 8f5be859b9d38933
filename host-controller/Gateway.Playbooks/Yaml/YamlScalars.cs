using System.Globalization;
using System.Text;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Yaml;

/// <summary>Writes scalars and keeps track of the line: column, indentation, what stood before.</summary>
internal sealed class YamlScalars(int width)
{
    private readonly StringBuilder into = new();
    private bool isSpaced = true;

    public string Text => into.ToString();

    public int? Indent { get; set; }

    public int FlowLevel { get; set; }

    public int Column { get; private set; }

    /// <summary>Whether only indicators stand on the line so far.</summary>
    public bool Indention { get; private set; } = true;

    public void Indicator(string text, bool needsSpace, bool leavesSpace = false, bool keepsIndention = false)
    {
        Append(isSpaced || !needsSpace ? text : " " + text);
        isSpaced = leavesSpace;
        Indention &= keepsIndention;
    }

    public void WriteIndent()
    {
        var indent = Indent ?? 0;
        if (!Indention || Column > indent || (Column == indent && !isSpaced))
        {
            Break();
        }

        if (Column < indent)
        {
            isSpaced = true;
            Append(new string(' ', indent - Column));
        }
    }

    /// <summary>Writes a scalar in the plainest style that reads back as the same.</summary>
    public void Write(string text, bool isText, bool isKey)
    {
        var analysis = ScalarAnalysis.Of(text);
        var readsBack = !isText || (PlainScalars.Resolve(text) is { IsSuccess: true, Value: TextValue } && text != "<<");
        if (readsBack && !(isKey && analysis.IsMultiline) && (FlowLevel > 0 ? analysis.InFlow : analysis.InBlock))
        {
            Plain(text, folds: !isKey);
        }
        else if (analysis.InSingleQuotes && !(isKey && analysis.IsMultiline))
        {
            Single(text, folds: !isKey);
        }
        else
        {
            Double(text, folds: !isKey);
        }
    }

    private void Append(string text)
    {
        into.Append(text);
        Column += text.EnumerateRunes().Count();
    }

    private void Break()
    {
        into.Append('\n');
        isSpaced = true;
        Indention = true;
        Column = 0;
    }

    private void Plain(string text, bool folds)
    {
        if (!isSpaced)
        {
            Append(" ");
        }

        isSpaced = false;
        Indention = false;
        var at = 0;
        while (at < text.Length)
        {
            var end = Run(text, at);
            if (text[at] == ' ' && end == at + 1 && Column > width && folds)
            {
                WriteIndent();
                isSpaced = false;
                Indention = false;
            }
            else
            {
                Append(text[at..end]);
            }

            at = end;
        }
    }

    /// <summary>Where a run of spaces, or of anything else but line breaks, ends.</summary>
    private static int Run(string text, int at)
    {
        var end = at + 1;
        while (end < text.Length && (text[end] == ' ') == (text[at] == ' ') && ScalarAnalysis.IsBreak(text[end]) == ScalarAnalysis.IsBreak(text[at]))
        {
            end++;
        }

        return end;
    }

    private void Single(string text, bool folds)
    {
        Indicator("'", needsSpace: true);
        var at = 0;
        while (at < text.Length)
        {
            var end = Run(text, at);
            if (ScalarAnalysis.IsBreak(text[at]))
            {
                Breaks(text[at..end]);
            }
            else if (text[at] == ' ' && end == at + 1 && Column > width && folds && at != 0 && end != text.Length)
            {
                WriteIndent();
            }
            else
            {
                Append(text[at..end].Replace("'", "''", StringComparison.Ordinal));
            }

            at = end;
        }

        // Where the text ended in a line break, the quote stands behind the indentation.
        isSpaced = false;
        Indention = false;
        Indicator("'", needsSpace: false);
    }

    private void Breaks(string breaks)
    {
        if (breaks[0] == '\n')
        {
            Break();
        }

        foreach (var one in breaks)
        {
            if (one == '\n')
            {
                Break();
            }
            else
            {
                into.Append(one);
                isSpaced = true;
                Indention = true;
                Column = 0;
            }
        }

        WriteIndent();
    }

    private void Double(string text, bool folds)
    {
        Indicator("\"", needsSpace: true);
        var start = 0;
        for (var end = 0; end <= text.Length; end++)
        {
            var c = end < text.Length ? text[end] : '\0';
            if (end == text.Length || Escaped(text, end) is not null)
            {
                Append(text[start..end]);
                start = end;
                if (end < text.Length)
                {
                    var pair = char.IsHighSurrogate(c) && end + 1 < text.Length;
                    Append(Escaped(text, end)!);
                    end += pair ? 1 : 0;
                    start = end + 1;
                }
            }

            if (end > 0 && end < text.Length - 1 && (c == ' ' || start >= end) && Column + (end - start) > width && folds)
            {
                Append(text[Math.Min(start, end)..end] + "\\");
                start = Math.Max(start, end);
                WriteIndent();
                isSpaced = false;
                Indention = false;
                if (text[start] == ' ')
                {
                    Append("\\");
                }
            }
        }

        Indicator("\"", needsSpace: false);
    }

    /// <summary>The escape of the character at a place; null when it stands for itself.</summary>
    private static string? Escaped(string text, int at) => text[at] switch
    {
        '"' => "\\\"",
        '\\' => "\\\\",
        '\0' => "\\0",
        '\a' => "\\a",
        '\b' => "\\b",
        '\t' => "\\t",
        '\n' => "\\n",
        '\v' => "\\v",
        '\f' => "\\f",
        '\r' => "\\r",
        '\e' => "\\e",
        '\u0085' => "\\N",
        '\u2028' => "\\L",
        '\u2029' => "\\P",
        >= ' ' and <= '~' => null,
        >= '\u00a0' and < '\ud800' or >= '\ue000' and <= '\ufffd' and not '\ufeff' => null,
        var c when char.IsHighSurrogate(c) && at + 1 < text.Length => $"\\U{char.ConvertToUtf32(c, text[at + 1]).ToString("X8", CultureInfo.InvariantCulture)}",
        var c when c < 0x100 => $"\\x{(int)c:X2}",
        var c => $"\\u{(int)c:X4}",
    };
}
