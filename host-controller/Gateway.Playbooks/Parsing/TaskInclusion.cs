using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Parsing;

/// <summary>What an include brought while a play runs.</summary>
/// <param name="Tasks">In place of the include.</param>
/// <param name="Handlers">For the rest of the play.</param>
/// <param name="Public">A role whose variables the play sees from now on; null for none.</param>
public sealed record IncludedTasks(ImmutableArray<TaskNode> Tasks, ImmutableArray<TaskItem> Handlers, Role? Public)
{
    /// <summary>The file of tasks, relative to the playbook; null for a role.</summary>
    public string? File { get; init; }

    /// <summary>Every task, handlers included.</summary>
    public IEnumerable<TaskItem> AllTasks => Tasks.SelectMany(TaskNode.Flatten).Concat(Handlers);
}

/// <summary>Reads what tasks include while a play runs.</summary>
public static class TaskInclusion
{
    /// <summary>Whether a task includes others.</summary>
    public static bool Includes(TaskItem task) => task.Inclusion is not null;

    /// <summary>The tasks, or why they cannot be had; nothing of them has run.</summary>
    /// <param name="task">The include.</param>
    /// <param name="result">What its module said: which file or role.</param>
    /// <param name="item">Loop variables, which the tasks see.</param>
    /// <param name="options">As the playbook was read.</param>
    public static Result<IncludedTasks> Load(TaskItem task, DictValue result, DictValue item, ParseOptions options)
    {
        var scope = new ParseScope(options);
        var at = new YamlScalar("", true, task.At, null);
        var inherited = task.Inclusion! with { Params = task.Inclusion.Params.With(item) };
        if (!new SourceReader(scope).MayRead(at, task.WrittenModule) || !new SourceReader(scope).MayNest(at, inherited.Origin))
        {
            return scope.Failures.ToImmutableArray();
        }

        var included = task.Module == "include_role" ? Role(scope, at, task, (DictValue)Value(result, "include_role"), inherited) : File(scope, at, Value(result, "include").ToString(), inherited);
        return scope.Failures.Count > 0 ? scope.Failures.ToImmutableArray() : included;
    }

    private static Value Value(DictValue result, string key) => result.TryGet(key, out var value) ? value : NullValue.None;

    private static IncludedTasks File(ParseScope scope, YamlNode at, string file, Inherited inherited)
    {
        if (new SourceReader(scope).First(at, TaskFiles.Candidates(inherited.Origin, file, inherited.IsHandler)) is not var (path, root))
        {
            scope.Fail(at, $"Could not find or access '{scope.Options.Files!.PathOf(PlaybookPath.Combine(inherited.Origin.Folder, file))}' on the Ansible Controller.");
            return new IncludedTasks([], [], null);
        }

        var origin = inherited.Origin with { Folder = PlaybookPath.FolderOf(path), Depth = inherited.Origin.Depth + 1 };
        var tasks = new TaskParser(scope).List(root, path, inherited with { Origin = origin });
        return new IncludedTasks(tasks, [.. scope.RoleHandlers], null) { File = path };
    }

    private static IncludedTasks Role(ParseScope scope, YamlNode at, TaskItem task, DictValue asked, Inherited inherited)
    {
        var request = RoleRequest.Of(new OptionValues(asked.Entries.ToDictionary(entry => entry.Key.ToString(), entry => entry.Value, StringComparer.Ordinal)));
        request = request with { Vars = task.Inclusion!.Params };
        return new RoleLoader(scope).Load(at, request, inherited) is { } loaded
            ? new IncludedTasks(loaded.Tasks, [.. loaded.Handlers, .. scope.RoleHandlers], request.IsPublic ? loaded.Role : null)
            : new IncludedTasks([], [], null);
    }
}
