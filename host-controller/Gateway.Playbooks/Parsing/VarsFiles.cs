using System.Collections.Immutable;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Parsing;

/// <summary>Reads a play's <c>vars_files</c>: each entry a name, or names of which the first that is there counts.</summary>
internal sealed class VarsFiles(ParseScope scope)
{
    private readonly SourceReader sources = new(scope);

    public DictValue Read(YamlMapping play, DictValue playVars, string folder)
    {
        if (play["vars_files"] is not { } node || node is YamlScalar { IsPlain: true, Text: "" or "~" or "null" } || !sources.MayRead(node, "vars_files"))
        {
            return DictValue.Empty;
        }

        var all = DictValue.Empty;
        foreach (var entry in node is YamlSequence list ? list.Items : [node])
        {
            var names = Names(entry, [scope.Options.ExtraVars, all, playVars]);
            if (names.IsEmpty)
            {
                continue;
            }

            if (sources.First(entry, names.Select(name => PlaybookPath.Combine(folder, name))) is var (_, root))
            {
                all = all.With(sources.Variables(root));
            }
            else
            {
                scope.Fail(entry, $"there is no file of variables '{string.Join("', '", names)}'");
            }
        }

        return all;
    }

    private ImmutableArray<string> Names(YamlNode entry, IReadOnlyList<DictValue> known)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        foreach (var node in entry is YamlSequence list ? list.Items : [entry])
        {
            if (node is not YamlScalar { Text.Length: > 0 } scalar)
            {
                scope.Fail(node, "'vars_files' takes names of files");
            }
            else if (new Templar().Render(scalar.Text, node.At, new KnownVariables(known)).TryGet(out var rendered, out var wrong))
            {
                names.Add(rendered.ToString());
            }
            else
            {
                scope.Fail(node, $"names in 'vars_files' must be known before anything runs ({wrong[0].Message}): use include_vars");
            }
        }

        return names.ToImmutable();
    }
}
