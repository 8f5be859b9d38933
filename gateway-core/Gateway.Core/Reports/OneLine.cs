using System.Text;

namespace Gateway.Core.Reports;

/// <summary>Makes text from outside safe to print: one line, no control characters, bounded.</summary>
public static class OneLine
{
    private const int Longest = 2000;

    /// <summary>Line breaks become <c>; </c>, other control characters spaces; at most 2000 characters.</summary>
    public static string Of(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, Longest));
        foreach (var part in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Length > 0)
            {
                line.Append("; ");
            }

            foreach (var c in part)
            {
                line.Append(char.IsControl(c) ? ' ' : c);
            }

            if (line.Length > Longest)
            {
                return string.Concat(line.ToString().AsSpan(0, Longest), "…");
            }
        }

        return line.ToString();
    }
}
