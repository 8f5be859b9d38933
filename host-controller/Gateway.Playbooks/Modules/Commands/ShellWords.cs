using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Gateway.Playbooks.Modules;

/// <summary>Splits a command into words as a POSIX shell quotes them (Python's <c>shlex.split</c>); nothing is expanded.</summary>
public static class ShellWords
{
    /// <summary>The words, or what is wrong with the quoting.</summary>
    public static bool TrySplit(string text, out ImmutableArray<string> words, [NotNullWhen(false)] out string? problem)
    {
        var found = ImmutableArray.CreateBuilder<string>();
        var word = new StringBuilder();
        var inWord = false;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (c is ' ' or '\t' or '\r' or '\n')
            {
                Finish(found, word, ref inWord);
                continue;
            }

            inWord = true;
            if (c == '\\')
            {
                if (++i == text.Length)
                {
                    return Fail("No escaped character", out words, out problem);
                }

                word.Append(text[i]);
            }
            else if (c is '\'' or '"')
            {
                i = Quoted(text, i, word);
                if (i < 0)
                {
                    return Fail("No closing quotation", out words, out problem);
                }
            }
            else
            {
                word.Append(c);
            }
        }

        Finish(found, word, ref inWord);
        words = found.ToImmutable();
        problem = null;
        return true;
    }

    /// <summary>Joins words so that a shell reads them back (Python's <c>shlex.join</c>).</summary>
    public static string Join(IEnumerable<string> words) => string.Join(' ', words.Select(Quote));

    private static string Quote(string word) =>
        word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || "_@%+=:,./-".Contains(c, StringComparison.Ordinal))
            ? word
            : $"'{word.Replace("'", "'\"'\"'", StringComparison.Ordinal)}'";

    /// <returns>Where the closing quote stands, or -1.</returns>
    private static int Quoted(string text, int open, StringBuilder word)
    {
        var quote = text[open];
        for (var i = open + 1; i < text.Length; i++)
        {
            if (text[i] == quote)
            {
                return i;
            }

            if (quote == '"' && text[i] == '\\' && i + 1 < text.Length && text[i + 1] is '"' or '\\')
            {
                i++;
            }

            word.Append(text[i]);
        }

        return -1;
    }

    private static void Finish(ImmutableArray<string>.Builder found, StringBuilder word, ref bool inWord)
    {
        if (inWord)
        {
            found.Add(word.ToString());
            word.Clear();
            inWord = false;
        }
    }

    private static bool Fail(string why, out ImmutableArray<string> words, [NotNullWhen(false)] out string? problem)
    {
        words = [];
        problem = why;
        return false;
    }
}
