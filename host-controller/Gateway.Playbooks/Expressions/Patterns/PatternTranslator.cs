using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Patterns;

/// <summary>
/// Writes a pattern of Python's <c>re</c> (docs.python.org/3/library/re.html) as .NET's. Every capturing group gets its
/// number in writing, because .NET counts named groups last. What has no counterpart is refused.
/// </summary>
internal sealed class PatternTranslator
{
    private readonly string pattern;
    private readonly StringBuilder into = new();
    private readonly Dictionary<string, int> names = new(StringComparer.Ordinal);
    private int groups;
    private int at;

    private PatternTranslator(string pattern) => this.pattern = pattern;

    public static (string Pattern, int Groups, ImmutableDictionary<string, int> Names) Translate(string pattern)
    {
        var translator = new PatternTranslator(pattern);
        translator.Run();
        return (translator.into.ToString(), translator.groups, translator.names.ToImmutableDictionary(StringComparer.Ordinal));
    }

    private void Run()
    {
        while (at < pattern.Length)
        {
            var c = pattern[at];
            switch (c)
            {
                case '\\':
                    Escape(inClass: false);
                    break;
                case '[':
                    Class();
                    break;
                case '(':
                    Open();
                    break;
                case '*' or '+' or '?' or '}' when at + 1 < pattern.Length && pattern[at + 1] == '+' && (c != '}' || IsQuantifierEnd()):
                    throw Wrong("possessive quantifiers are not supported");
                case '{' when pattern.AsSpan(at).StartsWith("{,"):
                    into.Append("{0,");
                    at += 2;
                    break;
                default:
                    into.Append(c);
                    at++;
                    break;
            }
        }
    }

    private bool IsQuantifierEnd()
    {
        var open = pattern.LastIndexOf('{', at);
        return open >= 0 && pattern[(open + 1)..at].All(c => char.IsAsciiDigit(c) || c == ',');
    }

    private TemplateException Wrong(string message) => new($"the regular expression {PythonText.Quoted(pattern)} is not supported: {message} at position {at}");

    /// <param name="inClass">Whether in square brackets.</param>
    private void Escape(bool inClass)
    {
        if (at + 1 >= pattern.Length)
        {
            throw Wrong("bad escape (end of pattern)");
        }

        var c = pattern[at + 1];
        if (char.IsAsciiDigit(c))
        {
            Number(inClass);
            return;
        }

        at += 2;
        switch (c)
        {
            case 'Z' when !inClass:
                into.Append("\\z");
                break;
            case 'A' or 'B' or 'b' or 'd' or 'D' or 's' or 'S' or 'w' or 'W' when !inClass || c is not ('A' or 'B'):
            case 'a' or 'f' or 'n' or 'r' or 't' or 'v':
                into.Append('\\').Append(c);
                break;
            case 'x' or 'u' or 'U':
                Code(c switch { 'x' => 2, 'u' => 4, _ => 8 });
                break;
            case var letter when char.IsAsciiLetter(letter):
                throw Wrong($"bad escape \\{letter}");
            case '_' or > '\u007f':
                into.Append(c);
                break;
            default:
                into.Append('\\').Append(c);
                break;
        }
    }

    private void Code(int digits)
    {
        if (at + digits > pattern.Length || !int.TryParse(pattern.AsSpan(at, digits), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code) || code is < 0 or > 0xFFFF)
        {
            throw Wrong("this escape");
        }

        at += digits;
        into.Append(CultureInfo.InvariantCulture, $"\\u{code:x4}");
    }

    /// <summary>A backreference, or an octal code: with a leading zero, three octal digits, or in brackets.</summary>
    private void Number(bool inClass)
    {
        var end = at + 1;
        while (end < pattern.Length && end < at + 4 && char.IsAsciiDigit(pattern[end]))
        {
            end++;
        }

        var digits = pattern[(at + 1)..end];
        var isOctal = inClass || digits[0] == '0' || (digits.Length == 3 && digits.All(c => c <= '7') && digits[0] <= '3');
        if (!isOctal)
        {
            digits = digits.Length > 2 ? digits[..2] : digits;
            var group = int.Parse(digits, CultureInfo.InvariantCulture);
            if (group > groups)
            {
                throw Wrong($"invalid group reference {group}");
            }

            into.Append(CultureInfo.InvariantCulture, $"\\k<{group}>");
            at += 1 + digits.Length;
            return;
        }

        digits = string.Concat(digits.TakeWhile(c => c <= '7'));
        if (digits.Length == 0)
        {
            throw Wrong("bad escape");
        }

        into.Append(CultureInfo.InvariantCulture, $"\\u{Convert.ToInt32(digits, 8):x4}");
        at += 1 + digits.Length;
    }

    private void Class()
    {
        into.Append('[');
        at++;
        if (at < pattern.Length && pattern[at] == '^')
        {
            into.Append('^');
            at++;
        }

        for (var isFirst = true; at < pattern.Length && (pattern[at] != ']' || isFirst); isFirst = false)
        {
            if (pattern[at] == '\\')
            {
                Escape(inClass: true);
                continue;
            }

            into.Append(pattern[at] is '[' or ']' ? "\\" : "").Append(pattern[at]);
            at++;
        }

        if (at >= pattern.Length)
        {
            throw Wrong("unterminated character set");
        }

        into.Append(']');
        at++;
    }

    private void Open()
    {
        at++;
        if (at >= pattern.Length || pattern[at] != '?')
        {
            into.Append(CultureInfo.InvariantCulture, $"(?<{++groups}>");
            return;
        }

        at++;
        var rest = pattern.AsSpan(at);
        if (rest.StartsWith("P<"))
        {
            var name = Name(at + 2, '>');
            names[name] = names.ContainsKey(name) ? throw Wrong($"redefinition of group name '{name}'") : ++groups;
            into.Append(CultureInfo.InvariantCulture, $"(?<{groups}>");
        }
        else if (rest.StartsWith("P="))
        {
            var name = Name(at + 2, ')');
            into.Append(CultureInfo.InvariantCulture, $"\\k<{(names.TryGetValue(name, out var group) ? group : throw Wrong($"unknown group name '{name}'"))}>");
        }
        else if (rest.StartsWith(":") || rest.StartsWith("=") || rest.StartsWith("!") || rest.StartsWith("<=") || rest.StartsWith("<!") || rest.StartsWith(">") || rest.StartsWith("#"))
        {
            into.Append("(?");
        }
        else
        {
            Flags();
        }
    }

    private string Name(int from, char close)
    {
        var end = pattern.IndexOf(close, from);
        if (end <= from || pattern[from..end].Any(c => !char.IsLetterOrDigit(c) && c != '_'))
        {
            throw Wrong("bad group name");
        }

        at = end + 1;
        return pattern[from..end];
    }

    /// <summary>Inline flags: i, m and s mean the same in both; u is Python's default.</summary>
    private void Flags()
    {
        var end = pattern.AsSpan(at).IndexOfAny(':', ')');
        var flags = end > 0 ? pattern.Substring(at, end) : throw Wrong("this group");
        if (flags.Any(c => !"imsu-".Contains(c, StringComparison.Ordinal)) || (pattern[at + end] == ')' && at > 2 && into.Length > 0 && !into.ToString().All(c => "(?imsu)".Contains(c, StringComparison.Ordinal))))
        {
            throw Wrong($"the group (?{flags}");
        }

        var kept = flags.Replace("u", "", StringComparison.Ordinal);
        at += end + 1;
        into.Append(kept.Length == 0 ? pattern[at - 1] == ':' ? "(?:" : "" : $"(?{kept}{pattern[at - 1]}");
    }
}
