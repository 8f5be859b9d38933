using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Gateway.Playbooks.Parsing;

/// <summary>Reads <c>name=value name2="value 2"</c> as Ansible does (ansible/parsing/splitter.py): quotes and templates hold words together.</summary>
internal static partial class KeyValueText
{
    private static readonly HashSet<string> CommandOptions =
        new(["creates", "removes", "chdir", "executable", "warn", "stdin", "stdin_add_newline", "strip_empty_ends"], StringComparer.Ordinal);

    /// <summary>The pairs, and what is left that is no pair.</summary>
    /// <param name="text">The text.</param>
    /// <param name="isCommand">Whether only the options of commands are pairs, and everything else is left as it is.</param>
    /// <param name="pairs">Names and values, quotes removed.</param>
    /// <param name="rest">What is left.</param>
    /// <param name="problem">What is wrong with the quoting.</param>
    public static bool TryParse(string text, bool isCommand, out List<KeyValuePair<string, string>> pairs, out string rest, [NotNullWhen(false)] out string? problem)
    {
        pairs = [];
        rest = "";
        if (!TrySplit(text, out var words))
        {
            problem = $"failed at splitting arguments, either an unbalanced jinja2 block or quotes: {text}";
            return false;
        }

        var left = new StringBuilder();
        var copied = 0;
        foreach (var (start, end) in words)
        {
            var word = Decoded(text[start..end]);
            var at = Separator(word);
            if (word == "\\" && end < text.Length && text[end] == '\n')
            {
                left.Append(text, copied, start - copied);
                copied = end + 1;
            }
            else if (at >= 0 && (!isCommand || CommandOptions.Contains(word[..at])))
            {
                pairs.Add(new(word[..at].Trim(), Unquote(word[(at + 1)..].Trim())));
                left.Append(text, copied, start - copied);
                copied = end < text.Length && text[end] != '\n' ? end + 1 : end;
            }
        }

        rest = left.Append(text, copied, text.Length - copied).ToString();
        rest = isCommand ? pairs.Count > 0 ? rest.TrimEnd(' ') : rest : rest.Trim().Replace("\\=", "=", StringComparison.Ordinal);
        problem = null;
        return true;
    }

    /// <summary>Where the first <c>=</c> stands that is neither first nor escaped; -1 for none.</summary>
    private static int Separator(string word)
    {
        for (var at = 1; at < word.Length; at++)
        {
            if (word[at] == '=' && word[at - 1] != '\\')
            {
                return at;
            }
        }

        return -1;
    }

    /// <summary>The escapes that Ansible decodes in a word, in quotes or not.</summary>
    private static string Decoded(string word) => !word.Contains('\\', StringComparison.Ordinal) ? word : Escape().Replace(word, found =>
    {
        var escape = found.Value;
        return escape[1] switch
        {
            'U' or 'u' or 'x' => int.Parse(escape.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) is var code && Rune.IsValid(code) ? new Rune(code).ToString() : escape,
            'a' => "\a",
            'b' => "\b",
            'f' => "\f",
            'n' => "\n",
            'r' => "\r",
            't' => "\t",
            'v' => "\v",
            var same => same.ToString(),
        };
    });

    [GeneratedRegex("""\\(U[0-9a-fA-F]{8}|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\\'"abfnrtv])""", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Escape();

    private static string Unquote(string text) =>
        text.Length > 1 && text[0] == text[^1] && text[0] is '"' or '\'' && text.Length > 1 && text[^2] != '\\' ? text[1..^1] : text;

    /// <summary>Splits at white space outside quotes and templates. White space inside either stays as it is.</summary>
    private static bool TrySplit(string text, out List<(int Start, int End)> words)
    {
        words = [];
        var start = -1;
        var quote = '\0';
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var next = i + 1 < text.Length ? text[i + 1] : '\0';
            if (quote == '\0' && depth == 0 && c is ' ' or '\n' or '\t' && quote == '\0' && depth == 0)
            {
                if (start >= 0)
                {
                    words.Add((start, i));
                }

                start = -1;
                continue;
            }

            start = start < 0 ? i : start;
            if (c is '"' or '\'' && (i == 0 || text[i - 1] != '\\'))
            {
                quote = quote == '\0' ? c : quote == c ? '\0' : quote;
            }
            else if (c == '{' && (next is '{' or '%' or '#'))
            {
                depth++;
                i++;
            }
            else if (depth > 0 && next == '}' && (c is '}' or '%' or '#'))
            {
                depth--;
                i++;
            }
        }

        if (start >= 0)
        {
            words.Add((start, text.Length));
        }

        return quote == '\0' && depth == 0;
    }
}
