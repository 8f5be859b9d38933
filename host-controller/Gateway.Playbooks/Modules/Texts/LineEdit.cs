namespace Gateway.Playbooks.Modules;

/// <summary>Puts one line into a text, or takes lines out of it.</summary>
internal sealed class LineEdit(LineArguments arguments, List<string> lines)
{
    private readonly string line = arguments.Line ?? "";

    /// <summary>The lines afterwards and what was done, in Ansible's words; nothing when nothing was.</summary>
    public string Present()
    {
        var (at, text) = Matched();
        if (at < 0 && !(arguments.UseGroups && arguments.Pattern is not null))
        {
            at = lines.FindLastIndex(IsLine);
        }

        if (at >= 0)
        {
            return Replace(at, text);
        }

        return arguments.UseGroups ? "" : Insert();
    }

    /// <summary>How many lines were removed.</summary>
    public int Absent()
    {
        var regex = arguments.Pattern is { } pattern ? ModuleRegex.Compile(pattern) : null;
        return lines.RemoveAll(current => regex is not null ? regex.Search(current) is not null
            : arguments.SearchText is { } search ? current.Contains(search, StringComparison.Ordinal)
            : IsLine(current));
    }

    /// <summary>The line that the pattern or text matches, the last one unless the first is asked for, and what it becomes.</summary>
    private (int At, string Text) Matched()
    {
        var regex = arguments.Pattern is { } pattern ? ModuleRegex.Compile(pattern) : null;
        var found = (At: -1, Text: line);
        for (var i = 0; i < lines.Count && (regex is not null || arguments.SearchText is not null); i++)
        {
            var match = regex?.Search(lines[i]);
            if (match is null && !(arguments.SearchText is { } search && lines[i].Contains(search, StringComparison.Ordinal)))
            {
                continue;
            }

            found = (i, match is not null && arguments.UseGroups ? regex!.Expand(line, match) : line);
            if (arguments.FirstMatch)
            {
                break;
            }
        }

        return found;
    }

    private string Replace(int at, string text)
    {
        text = text.EndsWith('\n') ? text : text + "\n";
        if (lines[at] == text)
        {
            return "";
        }

        lines[at] = text;
        return "line replaced";
    }

    private string Insert()
    {
        if (arguments.InsertBefore == "BOF" || arguments.InsertAfter == "BOF")
        {
            lines.Insert(0, line + "\n");
            return "line added";
        }

        var at = Place();
        if (at < 0)
        {
            EndLastLine();
            lines.Add(line + "\n");
            return "line added";
        }

        if (arguments.InsertAfter is not null && IsLine(lines[Math.Min(at, lines.Count - 1)]))
        {
            return "";
        }

        if (at == lines.Count)
        {
            EndLastLine();
        }

        lines.Insert(at, line + "\n");
        return "line added";
    }

    /// <summary>Where the line goes; -1 for the end.</summary>
    private int Place()
    {
        var after = arguments.InsertAfter is not (null or "EOF");
        if ((after ? arguments.InsertAfter : arguments.InsertAfter is null ? arguments.InsertBefore : null) is not { } pattern)
        {
            return -1;
        }

        var regex = ModuleRegex.Compile(pattern);
        bool Matches(string current) => regex.Search(current) is not null;
        var found = arguments.FirstMatch ? lines.FindIndex(Matches) : lines.FindLastIndex(Matches);
        return found < 0 ? -1 : after ? found + 1 : found;
    }

    private void EndLastLine()
    {
        if (lines.Count > 0 && lines[^1][^1] is not ('\n' or '\r'))
        {
            lines[^1] += "\n";
        }
    }

    private bool IsLine(string current) => current.TrimEnd('\r', '\n') == line;
}
