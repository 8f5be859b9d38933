using System.Text.RegularExpressions;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Filters;
using Gateway.Playbooks.Expressions.Patterns;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Modules;

/// <summary>A regular expression of Python's <c>re</c> that is an option of a module. What is wrong with it, or takes too long, is a <see cref="TemplateException"/>.</summary>
public sealed class ModuleRegex
{
    private static readonly TemplateLimits Limits = TemplateLimits.Default;

    private readonly PythonRegex regex;

    private ModuleRegex(PythonRegex regex) => this.regex = regex;

    internal static ModuleRegex Compile(string pattern, bool multiline = false) => new(PythonRegex.Compile(pattern, ignoreCase: false, multiline, new Budget(Limits)));

    /// <summary>What is wrong with a pattern; null when nothing is.</summary>
    public static string? Problem(string? pattern)
    {
        try
        {
            _ = pattern is null ? null : Compile(pattern);
            return null;
        }
        catch (TemplateException wrong)
        {
            return wrong.Message;
        }
    }

    /// <summary>What a named group matched.</summary>
    public Group Named(Match match, string name) => match.Groups[regex.Names[name].ToString(System.Globalization.CultureInfo.InvariantCulture)];

    /// <summary>The groups of the first match anywhere; null when there is none, or when the pattern takes too long.</summary>
    public static System.Collections.Immutable.ImmutableArray<string>? Groups(string pattern, string text)
    {
        try
        {
            var compiled = Compile(pattern, multiline: true);
            return compiled.Search(text) is { } match ? [.. Enumerable.Range(1, compiled.regex.Groups).Select(group => PythonRegex.Group(match, group))] : null;
        }
        catch (TemplateException)
        {
            return null;
        }
    }

    /// <summary>The first match anywhere, or null.</summary>
    public Match? Search(string text) => regex.Find(text, atStart: false, new Budget(Limits));

    /// <summary>Whether it matches from the start of the text (Python's <c>match</c>).</summary>
    public bool MatchesStart(string text) => regex.Find(text, atStart: true, new Budget(Limits)) is not null;

    /// <summary>A replacement with its references to groups filled in.</summary>
    public string Expand(string replacement, Match match) => RegexFilters.Expand(replacement, regex, match);

    /// <summary>Every match replaced, and how many there were.</summary>
    public (string Text, int Count) Replace(string text, string replacement)
    {
        var matches = regex.FindAll(text, new Budget(Limits));
        if (matches.Count == 0)
        {
            // What is wrong with the replacement is wrong where nothing is replaced as well.
            _ = Expand(replacement, Match.Empty);
        }

        var into = new System.Text.StringBuilder();
        var from = 0;
        foreach (var match in matches)
        {
            into.Append(text, from, match.Index - from).Append(Expand(replacement, match));
            from = match.Index + match.Length;
        }

        return (into.Append(text, from, text.Length - from).ToString(), matches.Count);
    }
}
