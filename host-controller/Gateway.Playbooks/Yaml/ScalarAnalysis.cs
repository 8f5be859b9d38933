namespace Gateway.Playbooks.Yaml;

/// <summary>In which styles a text can be written as a YAML scalar (yaml.org/spec/1.1, chapter 9).</summary>
internal readonly record struct ScalarAnalysis(bool IsMultiline, bool InFlow, bool InBlock, bool InSingleQuotes)
{
    private const string White = "\0 \t\r\n\u0085\u2028\u2029";

    public static bool IsBreak(char c) => c is '\n' or '\u0085' or '\u2028' or '\u2029';

    public static ScalarAnalysis Of(string text)
    {
        if (text.Length == 0)
        {
            return new(false, false, true, true);
        }

        var (flow, block) = Indicators(text);
        var breaks = text.Any(IsBreak);
        var edges = text[0] == ' ' || text[^1] == ' ' || IsBreak(text[0]) || IsBreak(text[^1]);
        var (breakSpace, spaceBreak) = Neighbours(text);
        var needsEscape = spaceBreak || !IsPrintable(text);
        var plain = !edges && !breakSpace && !needsEscape && !breaks;
        return new(breaks, plain && !flow, plain && !block, !breakSpace && !needsEscape);
    }

    private static (bool Flow, bool Block) Indicators(string text)
    {
        var block = text.StartsWith("---", StringComparison.Ordinal) || text.StartsWith("...", StringComparison.Ordinal);
        var flow = block;
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            var followed = i + 1 >= text.Length || White.Contains(text[i + 1], StringComparison.Ordinal);
            var preceded = i == 0 || White.Contains(text[i - 1], StringComparison.Ordinal);
            var both = (i == 0 && ("#,[]{}&*!|>'\"%@`".Contains(c, StringComparison.Ordinal) || (c == '-' && followed))) || (c == '#' && preceded);
            flow |= both || (i == 0 ? c is '?' or ':' : c is ',' or '?' or '[' or ']' or '{' or '}' or ':');
            block |= both || ((c == ':' || (i == 0 && c == '?')) && followed);
        }

        return (flow, block);
    }

    private static (bool BreakSpace, bool SpaceBreak) Neighbours(string text)
    {
        var (breakSpace, spaceBreak) = (false, false);
        for (var i = 1; i < text.Length; i++)
        {
            breakSpace |= IsBreak(text[i - 1]) && text[i] == ' ';
            spaceBreak |= text[i - 1] == ' ' && IsBreak(text[i]);
        }

        return (breakSpace, spaceBreak);
    }

    private static bool IsPrintable(string text) => text.All(c => c == '\n' || c is >= ' ' and <= '~' || (c >= '\u00a0' || c == '\u0085') && c is not ('\ufeff' or >= '\ufffe'));
}
