namespace Gateway.Playbooks.Expressions.Lookups;

/// <summary>Python's fnmatch: <c>*</c>, <c>?</c>, <c>[seq]</c>, <c>[!seq]</c>; names that begin with a dot need one in the pattern.</summary>
internal static class Wildcards
{
    public static bool Matches(string pattern, string name) => (!name.StartsWith('.') || pattern.StartsWith('.')) && Match(pattern, name);

    /// <summary>Walks both once, going back to the last star; time grows with the product of the lengths at worst.</summary>
    private static bool Match(string pattern, string name)
    {
        var (p, n, star, mark) = (0, 0, -1, 0);
        while (n < name.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                (star, mark) = (p++, n);
            }
            else if (p < pattern.Length && One(pattern, p, name[n], out var next))
            {
                p = next;
                n++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                n = ++mark;
            }
            else
            {
                return false;
            }
        }

        return pattern.AsSpan(p).Trim('*').IsEmpty;
    }

    private static bool One(string pattern, int at, char c, out int next)
    {
        next = at + 1;
        var end = pattern[at] == '[' && at + 2 < pattern.Length ? pattern.IndexOf(']', at + 2) : -1;
        if (end < 0)
        {
            return pattern[at] == '?' || pattern[at] == c;
        }

        next = end + 1;
        var negated = pattern[at + 1] == '!';
        var set = pattern[(at + (negated ? 2 : 1))..end];
        var within = false;
        for (var i = 0; i < set.Length; i++)
        {
            if (i + 2 < set.Length && set[i + 1] == '-')
            {
                within |= set[i] <= c && c <= set[i + 2];
                i += 2;
            }
            else
            {
                within |= set[i] == c;
            }
        }

        return within != negated;
    }
}
