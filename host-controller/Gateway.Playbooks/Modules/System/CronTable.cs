namespace Gateway.Playbooks.Modules;

/// <summary>Lines of a cron table: jobs have a line with their name before them, variables stand on top.</summary>
internal static class CronTable
{
    private const string Mark = "#Ansible: ";

    /// <summary>Puts a job in or takes it out.</summary>
    public static string? SetJob(List<string> lines, CronArguments arguments)
    {
        var mark = Mark + ByteText.Of(arguments.Name);
        var at = lines.FindIndex(line => line == mark);
        if (arguments.Line is null)
        {
            if (at >= 0)
            {
                lines.RemoveRange(at, Math.Min(2, lines.Count - at));
            }

            return null;
        }

        var line = ByteText.Of(arguments.Line);
        if (at < 0)
        {
            lines.AddRange([mark, line]);
        }
        else if (at + 1 < lines.Count)
        {
            lines[at + 1] = line;
        }
        else
        {
            lines.Add(line);
        }

        return null;
    }

    /// <summary>Puts a variable in or takes it out; why it cannot be put where it should.</summary>
    public static string? SetVariable(List<string> lines, CronArguments arguments)
    {
        bool Is(string line, string name) => line.StartsWith(ByteText.Of(name) + "=", StringComparison.Ordinal);
        var at = lines.FindIndex(line => Is(line, arguments.Name));
        if (arguments.Line is null)
        {
            if (at >= 0)
            {
                lines.RemoveAt(at);
            }

            return null;
        }

        var line = ByteText.Of(arguments.Line);
        if (at >= 0)
        {
            lines[at] = line;
            return null;
        }

        var place = 0;
        if ((arguments.InsertAfter ?? arguments.InsertBefore) is { } other)
        {
            place = lines.FindIndex(existing => Is(existing, other));
            if (place < 0)
            {
                return $"Variable named '{other}' not found.";
            }

            place += arguments.InsertAfter is null ? 0 : 1;
        }

        lines.Insert(place, line);
        return null;
    }

    public static IEnumerable<string> Jobs(List<string> lines) =>
        lines.Where(line => line.StartsWith(Mark, StringComparison.Ordinal)).Select(line => ByteText.Shown(line[Mark.Length..]));

    public static IEnumerable<string> Variables(List<string> lines) => lines
        .Where(line => line.Length > 0 && (char.IsAsciiLetter(line[0]) || line[0] == '_') && line.Split('=')[0].All(c => char.IsAsciiLetterOrDigit(c) || c == '_') && line.Contains('=', StringComparison.Ordinal))
        .Select(line => line.Split('=')[0]);
}
