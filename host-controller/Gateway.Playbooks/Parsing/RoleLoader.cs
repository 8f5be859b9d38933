using System.Collections.Immutable;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Yaml;

namespace Gateway.Playbooks.Parsing;

/// <summary>A role that was read, after those it depends on.</summary>
/// <param name="Role">The role.</param>
/// <param name="Tasks">Those of its dependencies first.</param>
/// <param name="Handlers">Likewise.</param>
internal sealed record LoadedRole(Role Role, ImmutableArray<TaskNode> Tasks, ImmutableArray<TaskItem> Handlers);

/// <summary>Reads roles: <c>meta</c>, <c>defaults</c>, <c>vars</c>, <c>handlers</c> and <c>tasks</c> (docs.ansible.com, "Roles").</summary>
internal sealed class RoleLoader(ParseScope scope)
{
    private const int MostRoles = 1000;
    private static readonly string[] Extensions = [".yml", ".yaml", ".json", ""];
    private readonly SourceReader sources = new(scope);
    private readonly KeywordReader keywords = new(scope);

    /// <summary>The roles under a play's <c>roles</c>, or that a role depends on.</summary>
    public ImmutableArray<LoadedRole> Entries(YamlNode? node, string key, Inherited inherited, Role? parent)
    {
        switch (node)
        {
            case null or YamlScalar { IsPlain: true, Text: "" or "~" or "null" }:
                return [];
            case YamlSequence list when sources.MayRead(node, key):
                return [.. list.Items.Select(entry => Entry(entry, inherited, parent)).OfType<LoadedRole>()];
            case YamlSequence:
                return [];
            default:
                scope.Fail(node, $"'{key}' must be a list of roles, not {node.Kind}");
                return [];
        }
    }

    /// <summary>One role; null after noting what is wrong.</summary>
    public LoadedRole? Load(YamlNode at, RoleRequest request, Inherited inherited, Role? parent = null, string? identity = null)
    {
        if (!sources.MayNest(at, inherited.Origin))
        {
            return null;
        }

        if (Folders(inherited.Origin, request.Name).FirstOrDefault(scope.Options.Files!.HasFolder) is not { } folder)
        {
            scope.Fail(at, $"there is no role '{request.Name}' in 'roles/' beside the playbook");
            return null;
        }

        var meta = Part(at, folder, "meta", null) as YamlMapping;
        if (meta?["allow_duplicates"] is YamlScalar { Text: "true" or "yes" or "True" })
        {
            identity = null;
        }

        if (meta?["argument_specs"] is not null || Part(at, folder, "meta", "argument_specs", optional: true) is not null)
        {
            scope.Fail(at, $"role '{request.Name}' has argument_specs, which are not supported: use assert in its tasks");
        }

        if (scope.RolesRead.Count >= MostRoles)
        {
            scope.Fail(at, $"more than {MostRoles} roles are read for one play: the roles depend on each other in too many ways");
            return null;
        }

        // Of a role that comes again the handlers are there already; whether its tasks run is known only then.
        var isAgain = identity is not null && scope.RolesRead.Contains(identity);
        scope.RolesRead.Add(identity ?? "");
        var loaded = Assemble(at, request, inherited, Own(at, request, folder, parent), meta, identity);
        return isAgain ? loaded with { Handlers = [] } : loaded;
    }

    private LoadedRole Assemble(YamlNode at, RoleRequest request, Inherited inherited, Role own, YamlMapping? meta, string? identity)
    {
        var origin = inherited.Origin with { Role = own, Folder = PlaybookPath.Combine(own.Folder, "tasks"), Depth = inherited.Origin.Depth + 1 };
        var dependencies = Entries(meta?["dependencies"], "dependencies", inherited with { Origin = origin }, own);
        var role = own with
        {
            Defaults = Merge([.. dependencies.Select(one => one.Role.Defaults), .. own.Lineage.Skip(1).Reverse().Select(one => one.Defaults), own.Defaults]),
            Vars = Merge([.. own.Lineage.Skip(1).Reverse().Select(one => one.Vars), .. dependencies.Select(one => one.Role.Vars), own.Vars, request.Vars]),
            Params = Merge([.. own.Lineage.Skip(1).Reverse().Select(one => one.Params), own.Params]),
        };
        inherited = inherited with { Origin = origin with { Role = role } };
        var tasks = new TaskParser(scope).List(Part(at, own.Folder, "tasks", request.TasksFrom), "tasks", inherited);
        var handlers = new TaskParser(scope, isHandler: true).Handlers(
            Part(at, own.Folder, "handlers", request.HandlersFrom), inherited with { Origin = inherited.Origin with { Folder = PlaybookPath.Combine(own.Folder, "handlers") } });
        return new LoadedRole(role, [.. dependencies.SelectMany(one => one.Tasks), new TaskBlock(at.At) { Block = tasks, Role = identity }], [.. dependencies.SelectMany(one => one.Handlers), .. handlers]);
    }

    private Role Own(YamlNode at, RoleRequest request, string folder, Role? parent) => new(request.Name[(request.Name.LastIndexOf('/') + 1)..], folder)
    {
        Defaults = sources.Variables(Part(at, folder, "defaults", request.DefaultsFrom)),
        Vars = sources.Variables(Part(at, folder, "vars", request.VarsFrom)),
        Params = request.Params,
        Parent = parent,
        IsPublic = request.IsPublic,
    };

    private LoadedRole? Entry(YamlNode entry, Inherited inherited, Role? parent)
    {
        var (name, mapping) = entry switch
        {
            YamlScalar scalar => (scalar.Text, null),
            YamlMapping given when (given["role"] ?? given["name"]) is YamlScalar scalar => (scalar.Text, given),
            _ => ("", (YamlMapping?)null),
        };
        if (name.Length == 0 || Templar.IsTemplate(name))
        {
            scope.Fail(entry, "a role is its name, or a mapping with 'role', without templates in the name");
            return null;
        }

        var request = new RoleRequest(name) { IsPublic = true };
        var identity = name;
        if (mapping is not null)
        {
            inherited = keywords.Inherit(inherited, mapping, "role", withVars: false);
            var more = new YamlMapping([.. mapping.Entries.Where(one => !Keywords.RoleEntry.Contains(one.Key.Text) && one.Key.Text != "name")], mapping.At, null);
            request = request with { Vars = scope.Variables(mapping, "vars"), Params = scope.Variables(more) };
            var kept = new YamlMapping([.. mapping.Entries.Where(one => one.Key.Text is not ("role" or "name")).OrderBy(one => one.Key.Text, StringComparer.Ordinal)], mapping.At, null);
            identity = kept.Entries.IsEmpty ? name : $"{name} {(Yaml11.ToValue(kept).TryGet(out var value, out _) ? ValueJson.Write(value) : "")}";
        }

        return Load(entry, request, inherited, parent, identity);
    }

    private static IEnumerable<string> Folders(Origin origin, string name)
    {
        yield return PlaybookPath.Combine(origin.Base, "roles/" + name);
        if (origin.Role is { } role)
        {
            yield return PlaybookPath.Combine(role.Folder, "roles/" + name);
            yield return PlaybookPath.Combine(PlaybookPath.FolderOf(role.Folder), name);
        }

        yield return PlaybookPath.Combine(origin.Base, name);
    }

    /// <summary>The root of a part's file; null when it is empty, or when there is none and none was asked for by name.</summary>
    private YamlNode? Part(YamlNode at, string folder, string part, string? from, bool optional = false)
    {
        var name = from ?? "main";
        var names = Extensions.Any(extension => extension.Length > 0 && name.EndsWith(extension, StringComparison.Ordinal)) ? [name] : Extensions.Select(extension => name + extension);
        if (sources.First(at, names.Select(file => PlaybookPath.Combine($"{folder}/{part}", file))) is var (_, root))
        {
            return root;
        }

        if (from is not null && !optional)
        {
            scope.Fail(at, $"there is no file '{part}/{from}' in role '{folder}'");
        }

        return null;
    }

    private static DictValue Merge(IEnumerable<DictValue> layers) => layers.Aggregate(DictValue.Empty, (low, high) => low.With(high));
}
