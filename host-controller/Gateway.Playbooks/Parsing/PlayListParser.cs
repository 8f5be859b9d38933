using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Parsing;

/// <summary>Reads a list of plays, with the playbooks it imports in their places.</summary>
internal sealed class PlayListParser(ParseScope scope)
{
    private readonly PlayParser plays = new(scope);
    private readonly SourceReader sources = new(scope);

    public IEnumerable<Play> Parse(YamlSequence list, PlaybookImport import) => list.Items.SelectMany(item => Entry(item, import));

    private IEnumerable<Play> Entry(YamlNode node, PlaybookImport import)
    {
        if (node is YamlMapping mapping && mapping.Entries.FirstOrDefault(entry => Keywords.Short(entry.Key.Text) == "import_playbook") is { } entry)
        {
            return Import(mapping, entry, import);
        }

        return plays.Parse(node, import) is { } play ? [play] : [];
    }

    private IEnumerable<Play> Import(YamlMapping mapping, YamlEntry entry, PlaybookImport import)
    {
        foreach (var unknown in mapping.Entries.Where(one => !Keywords.ImportPlaybook.Contains(Keywords.Short(one.Key.Text))))
        {
            scope.Fail(unknown.Key, $"'{entry.Key.Text}' has no keyword '{unknown.Key.Text}'{Nearest.Hint(unknown.Key.Text, Keywords.ImportPlaybook)}");
        }

        var inner = import with
        {
            When = [.. import.When, .. scope.Conditions(mapping, "when")],
            Tags = [.. import.Tags.Union(scope.Tags(mapping))],
            Vars = scope.Variables(mapping, "vars").With(import.Vars),
            Depth = import.Depth + 1,
        };
        if (!sources.MayRead(entry.Key, entry.Key.Text) || !sources.MayNest(entry.Key, new Origin(import.Folder) { Depth = import.Depth }) || Name(entry.Value, inner.Vars) is not { } name)
        {
            return [];
        }

        if (sources.First(entry.Value, [PlaybookPath.Combine(import.Folder, name)]) is not var (path, root))
        {
            scope.Fail(entry.Value, $"there is no playbook '{name}' to import");
            return [];
        }

        if (root is YamlSequence list)
        {
            return Parse(list, inner with { Folder = PlaybookPath.FolderOf(path) });
        }

        if (root is not null)
        {
            scope.Fail(root, $"a playbook is a list of plays, not {root.Kind}");
        }

        return [];
    }

    private string? Name(YamlNode node, DictValue vars)
    {
        if (node is not YamlScalar { Text.Length: > 0 } scalar)
        {
            scope.Fail(node, "'import_playbook' takes the name of a file");
            return null;
        }

        if (!Templar.IsTemplate(scalar.Text))
        {
            return scalar.Text.Trim();
        }

        if (new Templar().Render(scalar.Text, node.At, new KnownVariables([scope.Options.ExtraVars, vars])).TryGet(out var rendered, out var wrong))
        {
            return rendered.ToString();
        }

        scope.Fail(node, $"the name of an imported playbook must be known before anything runs: {wrong[0].Message}");
        return null;
    }
}
