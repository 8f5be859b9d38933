using System.Text.RegularExpressions;

namespace Gateway.Playbooks.Modules;

/// <summary>A package as a task names it: <c>name</c>, <c>name=1.2*</c> or <c>name&gt;=1.2</c>.</summary>
/// <param name="Name">The name, with <c>:arch</c> if written.</param>
/// <param name="Comparison"><c>=</c>, <c>&gt;=</c>, or null.</param>
/// <param name="Version">The version, with wildcards after <c>=</c>; null without a comparison.</param>
public sealed record PackageSpec(string Name, string? Comparison, string? Version)
{
    public static PackageSpec Parse(string text)
    {
        var at = text.IndexOf('=', StringComparison.Ordinal);
        if (at < 0)
        {
            return new PackageSpec(text, null, null);
        }

        return at > 0 && text[at - 1] == '>'
            ? new PackageSpec(text[..(at - 1)], ">=", text[(at + 1)..])
            : new PackageSpec(text[..at], "=", text[(at + 1)..]);
    }

    /// <summary>Whether the name is a pattern.</summary>
    public bool IsPattern => Name.AsSpan().IndexOfAny("*?[]!") >= 0;

    /// <summary>Whether a text matches a pattern as Python's <c>fnmatch</c> does.</summary>
    public static bool Matches(string text, string pattern)
    {
        var regex = Regex.Escape(pattern).Replace(@"\*", ".*", StringComparison.Ordinal).Replace(@"\?", ".", StringComparison.Ordinal)
            .Replace(@"\[!", "[^", StringComparison.Ordinal).Replace(@"\[", "[", StringComparison.Ordinal).Replace(@"\]", "]", StringComparison.Ordinal);
        try
        {
            return Regex.IsMatch(text, $"^(?:{regex})$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Singleline, TimeSpan.FromSeconds(1));
        }
        catch (ArgumentException)
        {
            return string.Equals(text, pattern, StringComparison.Ordinal);
        }
    }

    public override string ToString() => $"{Name}{Comparison}{Version}";
}
