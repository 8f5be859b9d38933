using System.Collections.Immutable;
using System.Text.RegularExpressions;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Patterns;

/// <summary>A regular expression of Python's <c>re</c>, run by .NET: groups keep Python's numbers, time is bounded.</summary>
internal sealed class PythonRegex
{
    private const int LongestPattern = 10_000;

    private readonly Regex regex;

    private PythonRegex(Regex regex, int groups, ImmutableDictionary<string, int> names)
    {
        this.regex = regex;
        Groups = groups;
        Names = names;
    }

    /// <summary>How many groups capture.</summary>
    public int Groups { get; }

    /// <summary>The numbers of named groups.</summary>
    public ImmutableDictionary<string, int> Names { get; }

    public static PythonRegex Compile(string pattern, bool ignoreCase, bool multiline, Budget budget)
    {
        if (pattern.Length > LongestPattern)
        {
            throw new TemplateException($"the regular expression is longer than {LongestPattern} characters");
        }

        budget.Step(2_000 + pattern.Length);
        var (translated, groups, names) = PatternTranslator.Translate(pattern);
        var options = RegexOptions.CultureInvariant | (ignoreCase ? RegexOptions.IgnoreCase : RegexOptions.None) | (multiline ? RegexOptions.Multiline : RegexOptions.None);
        try
        {
            return new(new Regex(translated, options, budget.Limits.Regex), groups, names);
        }
        catch (RegexParseException wrong)
        {
            throw new TemplateException($"the regular expression {PythonText.Quoted(pattern)} is not valid: {Reason(wrong.Error)}");
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            throw new TemplateException($"the regular expression {PythonText.Quoted(pattern)} is not valid");
        }
    }

    /// <summary>In the words of Python's re.</summary>
    private static string Reason(RegexParseError error) => error switch
    {
        RegexParseError.InsufficientClosingParentheses => "missing ), unterminated subpattern",
        RegexParseError.InsufficientOpeningParentheses => "unbalanced parenthesis",
        RegexParseError.UnterminatedBracket => "unterminated character set",
        RegexParseError.QuantifierAfterNothing => "nothing to repeat",
        RegexParseError.NestedQuantifiersNotParenthesized => "multiple repeat",
        RegexParseError.ReversedQuantifierRange => "min repeat greater than max repeat",
        RegexParseError.ReversedCharacterRange => "bad character range",
        RegexParseError.UnescapedEndingBackslash => "bad escape (end of pattern)",
        RegexParseError.UndefinedNumberedReference => "invalid group reference",
        RegexParseError.UndefinedNamedReference => "unknown group name",
        RegexParseError.UnrecognizedEscape => "bad escape",
        _ => error.ToString(),
    };

    /// <summary>The first match, anywhere or only at the start.</summary>
    public Match? Find(string text, bool atStart, Budget budget) => Bounded(text, budget, () =>
    {
        var match = regex.Match(text);
        while (atStart && match.Success && match.Index > 0)
        {
            return null;
        }

        return match.Success ? match : null;
    });

    /// <summary>All matches.</summary>
    public List<Match> FindAll(string text, Budget budget) => Bounded(text, budget, () =>
    {
        var matches = new List<Match>();
        for (var match = regex.Match(text); match.Success; match = match.NextMatch())
        {
            budget.Step(1 + Groups);
            matches.Add(match);
        }

        return matches;
    });

    public static string Group(Match match, int number) => match.Groups[number.ToString(System.Globalization.CultureInfo.InvariantCulture)].Value;

    private static T Bounded<T>(string text, Budget budget, Func<T> run)
    {
        if (text.Any(char.IsSurrogate))
        {
            throw new TemplateException("regular expressions on texts with characters beyond U+FFFF are not supported");
        }

        budget.Step(1 + (text.Length / 4));
        try
        {
            return run();
        }
        catch (RegexMatchTimeoutException)
        {
            throw new TemplateException($"the regular expression takes longer than {budget.Limits.Regex.TotalSeconds} s: make it simpler");
        }
    }
}
