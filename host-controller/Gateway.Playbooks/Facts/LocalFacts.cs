using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Local facts: <c>*.fact</c> files, JSON or INI, or programs that print such (docs.ansible.com, "facts.d").</summary>
internal static class LocalFacts
{
    private const long Largest = 256 * 1024;

    public static DictValue Read(FactSource source)
    {
        var local = Results.Of();
        foreach (var name in source.Reader.List(source.LocalFolder).Where(name => name.EndsWith(".fact", StringComparison.Ordinal)))
        {
            var path = $"{source.LocalFolder.TrimEnd('/')}/{name}";
            local = local.With(name[..^".fact".Length], Fact(source, path).AsUnsafe());
        }

        return Results.Of(("ansible_local", local));
    }

    private static Value Fact(FactSource source, string path)
    {
        if (source.Reader.Stat(path, follow: true) is not { Kind: FileKind.File } state)
        {
            return "error loading facts: it is no file";
        }

        var text = (state.Mode & 0x40) != 0 ? Output(source, path) : source.Reader.ReadFile(path, Largest).Then<string>(content => System.Text.Encoding.UTF8.GetString(content.Span));
        if (!text.TryGet(out var said, out var wrong))
        {
            return $"error loading facts: {wrong[0].Message}";
        }

        return ValueJson.Read(said, Position.Of(path), isUnsafe: true) is { IsSuccess: true, Value: var value } ? value : Ini(said) ?? (Value)$"error loading facts as JSON or ini - please check content: {path}";
    }

    private static Result<string> Output(FactSource source, string path)
    {
        var output = source.Reader.RunFact(path);
        return output.ExitCode == 0 ? output.StandardOutput : new Failure(Phase.Observe, path, $"Failure executing fact script ({path}), rc: {output.ExitCode}, err: {output.StandardError}");
    }

    /// <summary>Sections of names and values, names in lower case; null when it is no such file.</summary>
    private static DictValue? Ini(string text)
    {
        var sections = new Dictionary<string, Dictionary<string, Value>>(StringComparer.Ordinal);
        Dictionary<string, Value>? section = null;
        foreach (var line in text.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] is not ('#' or ';')))
        {
            if (line.StartsWith('[') && line.EndsWith(']'))
            {
                section = sections[line[1..^1]] = new Dictionary<string, Value>(StringComparer.Ordinal);
                continue;
            }

            var at = line.AsSpan().IndexOfAny('=', ':');
            if (section is null || at <= 0)
            {
                return null;
            }

            section[line[..at].Trim().ToLowerInvariant()] = line[(at + 1)..].Trim();
        }

        return DictValue.Of(sections.Select(pair => new KeyValuePair<string, Value>(pair.Key, DictValue.Of(pair.Value))));
    }
}
