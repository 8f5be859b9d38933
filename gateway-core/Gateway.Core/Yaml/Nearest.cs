namespace Gateway.Core.Yaml;

/// <summary>Suggests what a misspelt word was meant to be.</summary>
public static class Nearest
{
    /// <summary><c>; did you mean 'x'?</c> for the closest known word at most two edits away, else an empty string.</summary>
    public static string Hint(string word, IEnumerable<string> known)
    {
        var best = known
            .Select(candidate => (candidate, Distance: Distance(word, candidate)))
            .Where(pair => pair.Distance <= Math.Min(2, word.Length / 2))
            .OrderBy(pair => pair.Distance)
            .ThenBy(pair => pair.candidate, StringComparer.Ordinal)
            .Select(pair => pair.candidate)
            .FirstOrDefault();
        return best is null ? "" : $"; did you mean '{best}'?";
    }

    /// <summary>Levenshtein distance, cut off for words whose lengths differ by more than two.</summary>
    private static int Distance(string a, string b)
    {
        if (Math.Abs(a.Length - b.Length) > 2 || a.Length > 64)
        {
            return int.MaxValue;
        }

        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substitute = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substitute, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[b.Length];
    }
}
