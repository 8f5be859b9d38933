using System.Collections.Immutable;

namespace Gateway.Playbooks.Expressions.Syntax;

/// <summary>Cuts a template into tokens as Jinja's lexer does: white-space control, raw blocks, comments, line breaks as <c>\n</c>.</summary>
internal sealed class Lexer
{
    private readonly string source;
    private readonly TemplateOptions options;
    private readonly ImmutableArray<Token>.Builder tokens = ImmutableArray.CreateBuilder<Token>();
    private readonly TagLexer tags;
    private readonly (string Start, char Kind, int Next)[] starts;
    private int at;
    private bool lineStarts = true;

    private Lexer(string source, TemplateOptions options)
    {
        this.source = source;
        this.options = options;
        tags = new TagLexer(source, options, tokens);
        starts = [(options.VariableStart, 'v', -1), (options.CommentStart, 'c', -1), (options.BlockStart, 'b', -1)];
    }

    /// <summary>All tokens, <see cref="TokenKind.End"/> last. Line breaks must be <c>\n</c> already.</summary>
    public static ImmutableArray<Token> Read(string source, TemplateOptions options) => new Lexer(source, options).ReadAll();

    private ImmutableArray<Token> ReadAll()
    {
        while (at < source.Length)
        {
            ReadData();
        }

        tokens.Add(new(TokenKind.End, "", source.Length));
        return tokens.ToImmutable();
    }

    /// <summary>Text up to the next tag, then that tag whole.</summary>
    private void ReadData()
    {
        var (begin, start, kind) = NextTag();
        if (begin < 0)
        {
            AddData(at, source[at..]);
            at = source.Length;
            return;
        }

        var from = at;
        var text = source[at..begin];
        at = begin + start.Length;
        var sign = at < source.Length && source[at] is '-' or '+' && at < source.Length ? source[at] : ' ';
        at += sign == ' ' ? 0 : 1;
        AddData(from, StripBefore(text, sign, kind));
        if (kind == 'c')
        {
            SkipComment(begin);
        }
        else if (kind == 'b' && IsRaw())
        {
            ReadRaw(begin);
        }
        else
        {
            ReadTag(begin, kind == 'v');
        }
    }

    /// <summary>The tag that begins first; of two at one place the longer. What was found once is not looked for again.</summary>
    private (int At, string Start, char Kind) NextTag()
    {
        var best = (At: -1, Start: "", Kind: ' ');
        for (var i = 0; i < starts.Length; i++)
        {
            var (start, kind, next) = starts[i];
            if (next < at)
            {
                next = source.IndexOf(start, at, StringComparison.Ordinal);
                starts[i].Next = next = next < 0 ? int.MaxValue : next;
            }

            if (next < int.MaxValue && (best.At < 0 || next < best.At || (next == best.At && start.Length > best.Start.Length)))
            {
                best = (next, start, kind);
            }
        }

        return best;
    }

    private string StripBefore(string text, char sign, char kind)
    {
        if (sign == '-')
        {
            return text.TrimEnd();
        }

        if (sign == '+' || !options.LstripBlocks || kind == 'v')
        {
            return text;
        }

        var line = text.LastIndexOf('\n') + 1;
        return (line > 0 || lineStarts) && line < text.Length && string.IsNullOrWhiteSpace(text[line..]) ? text[..line] : text;
    }

    private void AddData(int from, string text)
    {
        if (text.Length > 0)
        {
            tokens.Add(new(TokenKind.Data, text, from));
        }
    }

    private void SkipComment(int begin)
    {
        var end = source.IndexOf(options.CommentEnd, at, StringComparison.Ordinal);
        if (end < 0)
        {
            throw Wrong("Missing end of comment tag", begin);
        }

        var sign = end > at ? source[end - 1] : ' ';
        at = end + options.CommentEnd.Length;
        AfterBlock(sign);
    }

    /// <summary>White space after the end of a block or comment: all with <c>-</c>, none with <c>+</c>, else one line break if blocks are trimmed.</summary>
    private void AfterBlock(char sign)
    {
        if (sign == '-')
        {
            SkipSpace();
        }
        else if (sign != '+' && options.TrimBlocks && at < source.Length && source[at] == '\n')
        {
            at++;
        }

        lineStarts = at > 0 && source[at - 1] == '\n';
    }

    private void SkipSpace()
    {
        while (at < source.Length && char.IsWhiteSpace(source[at]))
        {
            at++;
        }
    }

    private bool IsRaw() => EndOfWord(at, "raw") >= 0;

    /// <summary>Where a block that holds only a word ends, white space after <c>-%}</c> included, or -1.</summary>
    private int EndOfWord(int from, string word)
    {
        var i = PastSpace(from);
        if (string.CompareOrdinal(source, i, word, 0, word.Length) != 0)
        {
            return -1;
        }

        i = PastSpace(i + word.Length);
        var strips = i < source.Length && source[i] == '-';
        i += strips ? 1 : 0;
        if (string.CompareOrdinal(source, i, options.BlockEnd, 0, options.BlockEnd.Length) != 0)
        {
            return -1;
        }

        i += options.BlockEnd.Length;
        return strips ? PastSpace(i) : i;
    }

    private int PastSpace(int i)
    {
        while (i < source.Length && char.IsWhiteSpace(source[i]))
        {
            i++;
        }

        return i;
    }

    private void ReadRaw(int begin)
    {
        at = EndOfWord(at, "raw");
        for (var end = source.IndexOf(options.BlockStart, at, StringComparison.Ordinal); end >= 0;
            end = source.IndexOf(options.BlockStart, end + 1, StringComparison.Ordinal))
        {
            var i = end + options.BlockStart.Length;
            var sign = i < source.Length && source[i] is '-' or '+' ? source[i] : ' ';
            i = PastSpace(sign == ' ' ? i : i + 1);
            if (string.CompareOrdinal(source, i, "endraw", 0, 6) != 0)
            {
                continue;
            }

            i = PastSpace(i + 6);
            var after = i < source.Length && source[i] is '-' or '+' ? source[i] : ' ';
            i += after == ' ' ? 0 : 1;
            if (string.CompareOrdinal(source, i, options.BlockEnd, 0, options.BlockEnd.Length) == 0)
            {
                AddData(at, StripBefore(source[at..end], sign, 'b'));
                at = i + options.BlockEnd.Length;
                AfterBlock(after);
                return;
            }
        }

        throw Wrong("Missing end of raw directive", begin);
    }

    private void ReadTag(int begin, bool isVariable)
    {
        tokens.Add(new(isVariable ? TokenKind.VariableBegin : TokenKind.BlockBegin, "", begin));
        if (tags.Read(ref at, isVariable) is { } sign)
        {
            AfterBlock(isVariable && sign == ' ' ? '+' : sign);
        }
    }

    internal static TemplateException Wrong(string message, int offset) => new(message, offset, isSyntax: true);
}
