using System.Collections.Immutable;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Parsing;

/// <summary>Reads what is imported before anything runs: <c>import_tasks</c> and <c>import_role</c>.</summary>
internal sealed class ImportParser(ParseScope scope, bool isHandler)
{
    private static readonly string[] OfTasks = ["file", "_raw_params"];
    private readonly SourceReader sources = new(scope);

    /// <summary>The tasks in place of the import; null after noting what is wrong.</summary>
    public TaskNode? Parse(YamlMapping task, TaskEntry entry, Inherited outer, Inherited inherited)
    {
        if (task.Entries.FirstOrDefault(one => one.Key.Text is "loop" or "register" or "until" || Loops.ByKeyword.ContainsKey(one.Key.Text)) is { } loop)
        {
            var dynamic = Keywords.Short(entry.Key.Text).Replace("import", "include", StringComparison.Ordinal);
            scope.Fail(loop.Key, $"'{loop.Key.Text}' cannot be used with '{entry.Key.Text}': use '{dynamic}'");
            return null;
        }

        if (!sources.MayRead(entry.Key, entry.Key.Text) || !sources.MayNest(entry.Key, outer.Origin))
        {
            return null;
        }

        return Keywords.Short(entry.Key.Text) == "import_tasks" ? Tasks(entry, inherited) : Role(task, entry, inherited);
    }

    private TaskBlock? Tasks(TaskEntry entry, Inherited inherited)
    {
        var name = entry.Value switch
        {
            YamlScalar scalar => scalar,
            YamlMapping mapping when mapping.Entries.All(one => OfTasks.Contains(one.Key.Text)) => (mapping["file"] ?? mapping["_raw_params"]) as YamlScalar,
            _ => null,
        };
        if (name is null || name.Text.Trim().Length == 0)
        {
            scope.Fail(entry.Value, $"'{entry.Key.Text}' takes the name of a file");
            return null;
        }

        if (Rendered(name, inherited) is not { } file)
        {
            return null;
        }

        if (sources.First(name, TaskFiles.Candidates(inherited.Origin, file, isHandler)) is not var (path, root))
        {
            scope.Fail(name, $"there is no file '{file}' to import");
            return null;
        }

        var origin = inherited.Origin with { Folder = PlaybookPath.FolderOf(path), Depth = inherited.Origin.Depth + 1 };
        return new TaskBlock(entry.Key.At) { Block = new TaskParser(scope, isHandler).List(root, path, inherited with { Origin = origin }) };
    }

    private TaskBlock? Role(YamlMapping task, TaskEntry entry, Inherited inherited)
    {
        if (entry.Value is not YamlMapping options)
        {
            scope.Fail(entry.Value, $"'{entry.Key.Text}' takes a mapping with the role's 'name'");
            return null;
        }

        if (RoleRequest.Read(scope, options, entry.Key.Text) is not { } request || Rendered((YamlScalar)options[request.NameKey]!, inherited) is not { } name)
        {
            return null;
        }

        request = request with { Name = name, Vars = scope.Variables(task, "vars"), IsPublic = true };
        if (new RoleLoader(scope).Load(options, request, inherited) is not { } loaded)
        {
            return null;
        }

        scope.PublicRoles.Add(loaded.Role);
        scope.RoleHandlers.AddRange(loaded.Handlers);
        return new TaskBlock(entry.Key.At) { Block = loaded.Tasks };
    }

    /// <summary>A name with what is known of variables before anything runs.</summary>
    private string? Rendered(YamlScalar name, Inherited inherited)
    {
        if (!Templar.IsTemplate(name.Text))
        {
            return name.Text.Trim();
        }

        var known = new KnownVariables([scope.Options.ExtraVars, inherited.Params, inherited.Vars, inherited.Origin.Role?.Vars ?? DictValue.Empty, scope.PlayVars]);
        if (new Templar().Render(name.Text, name.At, known).TryGet(out var rendered, out var wrong))
        {
            return rendered.ToString();
        }

        scope.Fail(name, $"the name of what is imported must be known before anything runs ({wrong[0].Message}): use the dynamic form 'include_…'");
        return null;
    }
}
