using System.Collections.Immutable;
using System.Text;

namespace Gateway.Reconciliation.Desired;

/// <summary>Splits a string into words as a POSIX shell does (IEEE 1003.1, 2.2 Quoting), without expanding anything.</summary>
public static class ShellWords
{
    /// <summary>The words; false when a quote is not closed.</summary>
    public static bool TrySplit(string text, out ImmutableArray<string> words)
    {
        var result = ImmutableArray.CreateBuilder<string>();
        var word = new StringBuilder();
        var inWord = false;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote == '\'' ? c == '\'' : quote == '"' && c == '"')
            {
                quote = '\0';
            }
            else if (c == '\\' && quote != '\'' && i + 1 < text.Length && (quote == '\0' || text[i + 1] is '"' or '\\' or '$' or '`' or '\n'))
            {
                word.Append(text[++i] == '\n' ? "" : text[i].ToString());
                inWord = true;
            }
            else if (quote == '\0' && c is '\'' or '"' && quote == '\0')
            {
                quote = c;
                inWord = true;
            }
            else if (quote == '\0' && c is ' ' or '\t' or '\n' or '\r' && quote == '\0')
            {
                if (inWord)
                {
                    result.Add(word.ToString());
                }

                word.Clear();
                inWord = false;
            }
            else
            {
                word.Append(c);
                inWord = true;
            }
        }

        if (inWord)
        {
            result.Add(word.ToString());
        }

        words = result.ToImmutable();
        return quote == '\0';
    }
}
