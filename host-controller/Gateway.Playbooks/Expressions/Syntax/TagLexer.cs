using System.Collections.Immutable;

namespace Gateway.Playbooks.Expressions.Syntax;

/// <summary>Cuts what stands between the delimiters of a tag into tokens: names, literals, operators, each bracket closed.</summary>
internal sealed class TagLexer(string source, TemplateOptions options, ImmutableArray<Token>.Builder tokens)
{
    private const string ShortOperators = "+-/*%~[](){}><=.:|,;";
    private static readonly string[] LongOperators = ["//", "**", "==", "!=", ">=", "<="];

    private readonly bool escapeBackslashes = options.EscapeBackslashes && source.Contains(options.VariableStart, StringComparison.Ordinal);
    private readonly Stack<char> open = [];
    private int at;

    /// <summary>Reads up to and with the end of a tag; the sign before the end, or a space, or null when the source ends first.</summary>
    public char? Read(ref int from, bool isVariable)
    {
        at = from;
        open.Clear();
        char? sign = null;
        while (at < source.Length && (sign = End(isVariable)) is null)
        {
            if (char.IsWhiteSpace(source[at]))
            {
                at++;
            }
            else
            {
                ReadToken(isVariable);
            }
        }

        from = at;
        return sign;
    }

    private char? End(bool isVariable)
    {
        if (open.Count > 0)
        {
            return null;
        }

        var end = isVariable ? options.VariableEnd : options.BlockEnd;
        var sign = source[at] == '-' || (source[at] == '+' && !isVariable) ? source[at] : ' ';
        var i = sign == ' ' ? at : at + 1;
        if (string.CompareOrdinal(source, i, end, 0, end.Length) != 0)
        {
            return null;
        }

        tokens.Add(new(isVariable ? TokenKind.VariableEnd : TokenKind.BlockEnd, "", at));
        at = i + end.Length;
        return sign;
    }

    private void ReadToken(bool isVariable)
    {
        var from = at;
        var c = source[at];
        if (char.IsAsciiDigit(c))
        {
            tokens.Add(Literals.Number(source, ref at));
        }
        else if (char.IsLetter(c) || c == '_')
        {
            while (at < source.Length && (char.IsLetterOrDigit(source[at]) || source[at] == '_'))
            {
                at++;
            }

            tokens.Add(new(TokenKind.Name, source[from..at], from));
        }
        else if (c is '"' or '\'')
        {
            tokens.Add(new(TokenKind.Text, Literals.Text(source, ref at, isVariable && escapeBackslashes), from));
        }
        else
        {
            ReadOperator(from);
        }
    }

    private void ReadOperator(int from)
    {
        foreach (var two in LongOperators)
        {
            if (string.CompareOrdinal(source, at, two, 0, 2) == 0)
            {
                at += 2;
                tokens.Add(new(TokenKind.Operator, two, from));
                return;
            }
        }

        var c = source[at];
        if (!ShortOperators.Contains(c, StringComparison.Ordinal))
        {
            throw Lexer.Wrong($"unexpected char {PythonText.Quoted(c.ToString())} at {at}", at);
        }

        Balance(c);
        at++;
        tokens.Add(new(TokenKind.Operator, c.ToString(), from));
    }

    private void Balance(char c)
    {
        if (c is '(' or '[' or '{')
        {
            open.Push(c == '(' ? ')' : c == '[' ? ']' : '}');
        }
        else if (c is ')' or ']' or '}')
        {
            if (!open.TryPop(out var expected))
            {
                throw Lexer.Wrong($"unexpected '{c}'", at);
            }

            if (expected != c)
            {
                throw Lexer.Wrong($"unexpected '{c}', expected '{expected}'", at);
            }
        }
    }
}
