namespace Gateway.Core.Bundles;

/// <summary>Judges names in bundles: plain, relative, within bounds.</summary>
internal static class EntryName
{
    private const int LongestPart = 200;
    private const int Longest = 1000;

    /// <summary>The name without what tar adds (<c>./</c>, a <c>/</c> at the end); empty for the root itself.</summary>
    public static string Plain(string name)
    {
        var plain = name;
        while (plain.StartsWith("./", StringComparison.Ordinal))
        {
            plain = plain[2..];
        }

        plain = plain.EndsWith('/') ? plain[..^1] : plain;
        return plain == "." ? "" : plain;
    }

    /// <summary>What is wrong with a plain name; null when nothing is.</summary>
    public static string? Problem(string plain, int deepest)
    {
        if (plain.StartsWith('/'))
        {
            return "an absolute name";
        }

        var parts = plain.Split('/');
        return parts.Length > deepest ? $"nested more than {deepest} deep"
            : plain.Length > Longest || parts.Any(part => part.Length > LongestPart) ? "a name that is too long"
            : parts.Any(part => part is "" or "." or "..") ? "a name with '.', '..' or nothing between slashes"
            : plain.Any(c => char.IsControl(c) || c is '\\' or '\ufffd') ? "a name with control characters or backslashes"
            : null;
    }
}
