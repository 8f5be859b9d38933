using System.Globalization;
using System.Text;

namespace Gateway.Playbooks.Expressions.Syntax;

/// <summary>Reads the literals of an expression: numbers as Python writes them, texts with Python's escapes.</summary>
internal static class Literals
{
    /// <summary>An integer (decimal, 0x, 0o, 0b, underscores) or a float; the token's text is what .NET parses.</summary>
    public static Token Number(string source, ref int at)
    {
        var from = at;
        if (source[at] == '0' && at + 2 < source.Length && char.ToLowerInvariant(source[at + 1]) is 'x' or 'o' or 'b' && at + 2 < source.Length)
        {
            var radix = char.ToLowerInvariant(source[at + 1]) switch { 'x' => 16, 'o' => 8, _ => 2 };
            var end = at + 2;
            while (end < source.Length && (source[end] == '_' || IsDigit(source[end], radix)))
            {
                end++;
            }

            var digits = source[(at + 2)..end].Replace("_", "", StringComparison.Ordinal);
            if (digits.Length > 0)
            {
                at = end;
                return new(TokenKind.Integer, Radix(digits, radix, from), from);
            }
        }

        var isAfterDot = from > 0 && source[from - 1] == '.';
        SkipDigits(source, ref at);
        if (!isAfterDot && SkipFraction(source, ref at))
        {
            return new(TokenKind.Float, source[from..at].Replace("_", "", StringComparison.Ordinal), from);
        }

        var text = source[from..at].Replace("_", "", StringComparison.Ordinal);
        if (text.Length > 1 && text[0] == '0' && text.Trim('0').Length > 0)
        {
            throw Lexer.Wrong($"'{text}' is not a number: a leading zero is not allowed", from);
        }

        return new(TokenKind.Integer, text, from);
    }

    /// <summary>A quoted text. With <paramref name="verbatim"/> backslashes stand for themselves, as Ansible has it in playbooks.</summary>
    public static string Text(string source, ref int at, bool verbatim)
    {
        var from = at;
        var quote = source[at++];
        var hasEscapes = false;
        while (at < source.Length && source[at] != quote)
        {
            if (source[at] == '\\')
            {
                hasEscapes = true;
                at++;
                if (verbatim && at < source.Length && source[at] == quote)
                {
                    throw Lexer.Wrong("a backslash does not escape a quote in a playbook's {{ }}: use the other kind of quotes", at);
                }
            }

            at++;
        }

        if (at >= source.Length)
        {
            throw Lexer.Wrong($"unexpected char {PythonText.Quoted(quote.ToString())} at {from}: the text has no end", from);
        }

        var text = source[(from + 1)..at++];
        return hasEscapes && !verbatim ? Unescape(text, from) : text;
    }

    private static void SkipDigits(string source, ref int at)
    {
        while (at < source.Length && (char.IsAsciiDigit(source[at]) || (source[at] == '_' && at + 1 < source.Length && char.IsAsciiDigit(source[at + 1]))))
        {
            at++;
        }
    }

    private static bool SkipFraction(string source, ref int at)
    {
        var isFloat = false;
        if (at + 1 < source.Length && source[at] == '.' && char.IsAsciiDigit(source[at + 1]))
        {
            at++;
            SkipDigits(source, ref at);
            isFloat = true;
        }

        var end = at;
        if (end < source.Length && source[end] is 'e' or 'E' && end < source.Length)
        {
            end++;
            end += end < source.Length && source[end] is '+' or '-' ? 1 : 0;
            if (end < source.Length && char.IsAsciiDigit(source[end]))
            {
                SkipDigits(source, ref end);
                at = end;
                isFloat = true;
            }
        }

        return isFloat;
    }

    private static bool IsDigit(char c, int radix) => char.IsAsciiHexDigit(c) && Convert.ToInt32(c.ToString(), 16) < radix;

    private static string Radix(string digits, int radix, int from)
    {
        try
        {
            return Convert.ToInt64(digits, radix) is >= 0 and var number
                ? number.ToString(CultureInfo.InvariantCulture)
                : throw Lexer.Wrong("the number does not fit into 64 bits", from);
        }
        catch (OverflowException)
        {
            throw Lexer.Wrong("the number does not fit into 64 bits", from);
        }
    }

    /// <summary>Python's unicode_escape: what is not an escape keeps its backslash.</summary>
    private static string Unescape(string text, int from)
    {
        var into = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] != '\\' || i + 1 >= text.Length)
            {
                into.Append(text[i]);
                continue;
            }

            i++;
            switch (text[i])
            {
                case '\n':
                    break;
                case >= '0' and <= '7':
                    var octal = 1;
                    while (octal < 3 && i + octal < text.Length && text[i + octal] is >= '0' and <= '7')
                    {
                        octal++;
                    }

                    into.Append((char)Convert.ToInt32(text.Substring(i, octal), 8));
                    i += octal - 1;
                    break;
                case 'x' or 'u' or 'U':
                    into.Append(Hex(text, ref i, from));
                    break;
                case 'N':
                    throw Lexer.Wrong("\\N{name} is not supported: write the character itself", from);
                default:
                    into.Append(Simple(text[i]));
                    break;
            }
        }

        return into.ToString();
    }

    private static string Simple(char c) => c switch
    {
        'n' => "\n",
        'r' => "\r",
        't' => "\t",
        'a' => "\a",
        'b' => "\b",
        'f' => "\f",
        'v' => "\v",
        '\\' => "\\",
        '\'' => "'",
        '"' => "\"",
        _ => "\\" + c,
    };

    private static string Hex(string text, ref int i, int from)
    {
        var length = text[i] switch { 'x' => 2, 'u' => 4, _ => 8 };
        if (i + length >= text.Length
            || !int.TryParse(text.AsSpan(i + 1, length), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var code)
            || code is < 0 or > 0x10FFFF)
        {
            throw Lexer.Wrong($"truncated \\{text[i]} escape", from);
        }

        i += length;
        return code is >= 0xD800 and <= 0xDFFF ? throw Lexer.Wrong("surrogates are not allowed in a text", from) : char.ConvertFromUtf32(code);
    }
}
