using System.Collections.Immutable;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Parsing;

/// <summary>Reads tasks and blocks.</summary>
internal sealed class TaskParser(ParseScope scope, bool isHandler = false)
{
    private readonly ArgumentParser arguments = new(scope);
    private readonly LoopParser loops = new(scope);
    private readonly KeywordReader keywords = new(scope);
    private readonly TaskEntryFinder entries = new(scope, isHandler);

    /// <summary>A list of tasks and blocks.</summary>
    public ImmutableArray<TaskNode> List(YamlNode? node, string key, Inherited inherited)
    {
        if (node is null or YamlScalar { IsPlain: true, Text: "" or "~" or "null" })
        {
            return [];
        }

        if (node is not YamlSequence list)
        {
            scope.Fail(node, $"'{key}' must be a list of tasks, not {node.Kind}");
            return [];
        }

        return [.. list.Items.Select(item => Node(item, inherited)).OfType<TaskNode>()];
    }

    /// <summary>The same for handlers: what they import stands among them.</summary>
    public ImmutableArray<TaskItem> Handlers(YamlNode? node, Inherited inherited)
    {
        var handlers = List(node, "handlers", inherited with { IsHandler = true }).SelectMany(TaskNode.Flatten).ToImmutableArray();
        foreach (var handler in handlers.Where(handler => handler.Name is null && handler.Listen.IsEmpty))
        {
            scope.Failures.Add(Core.Reports.Failure.At(Core.Reports.Phase.Parse, handler.At, "a handler needs a name, or 'listen', to be notified by"));
        }

        return handlers;
    }

    private TaskNode? Node(YamlNode node, Inherited inherited)
    {
        if (node is not YamlMapping mapping)
        {
            scope.Fail(node, $"a task must be a mapping, not {node.Kind}");
            return null;
        }

        if (isHandler)
        {
            NoteNames(mapping, inherited.Origin.Role);
        }

        if (mapping["block"] is null)
        {
            return Task(mapping, inherited);
        }

        if (isHandler && (mapping["rescue"] ?? mapping["always"]) is { } part)
        {
            scope.Fail(part, "a block of handlers has neither rescue nor always: each of them runs when it is notified");
        }

        return Block(mapping, inherited);
    }

    private void NoteNames(YamlMapping handler, Role? role)
    {
        foreach (var name in Texts(handler["name"]))
        {
            scope.HandlerNames.Add(name);
            scope.HandlerNames.Add(role is null ? name : $"{role.Name} : {name}");
        }

        scope.HandlerNames.UnionWith(Texts(handler["listen"]));
    }

    private static IEnumerable<string> Texts(YamlNode? node) =>
        (node is YamlSequence list ? list.Items.AsEnumerable() : node is null ? [] : [node]).OfType<YamlScalar>().Select(scalar => scalar.Text);

    private TaskBlock Block(YamlMapping mapping, Inherited outer)
    {
        foreach (var entry in mapping.Entries.Where(entry => !Keywords.Block.Contains(entry.Key.Text)))
        {
            scope.Fail(entry.Key, Keywords.NotSupported.TryGetValue(Keywords.Short(entry.Key.Text), out var instead)
                ? $"'{entry.Key.Text}' is not supported: {instead}"
                : $"a block has no keyword '{entry.Key.Text}'{Nearest.Hint(entry.Key.Text, Keywords.Block)}");
        }

        var inherited = keywords.Inherit(outer, mapping, "block");
        return new TaskBlock(mapping.At)
        {
            Block = List(mapping["block"]!, "block", inherited),
            Rescue = mapping["rescue"] is { } rescue ? List(rescue, "rescue", inherited) : [],
            Always = mapping["always"] is { } always ? List(always, "always", inherited) : [],
        };
    }

    private TaskNode? Task(YamlMapping mapping, Inherited outer)
    {
        if (entries.Find(mapping) is not { } entry)
        {
            keywords.Inherit(outer, mapping, "task");
            return null;
        }

        if (entry.Module is not { } module)
        {
            return new ImportParser(scope, isHandler).Parse(mapping, entry, outer, keywords.Inherit(outer, mapping, "task"));
        }

        if (scope.Options is { Files: null, LocalFiles: false } && module is IncludeTasksModule or IncludeRoleModule or IncludeVarsModule)
        {
            scope.Fail(entry.Key, $"'{entry.Key.Text}' {SourceReader.Alone}");
            return null;
        }

        return module is IncludeTasksModule or IncludeRoleModule
            ? Include(mapping, entry, module, outer)
            : Item(mapping, entry, module, keywords.Inherit(outer, mapping, "task"));
    }

    /// <summary>What is included inherits from what is around the include; the include's own keywords are about itself.</summary>
    private TaskItem Include(YamlMapping mapping, TaskEntry entry, TaskModule module, Inherited outer)
    {
        foreach (var key in mapping.Entries.Select(one => one.Key).Where(key => key.Text != entry.Key.Text && !Keywords.Include.Contains(key.Text)))
        {
            scope.Fail(key, $"'{key.Text}' is not a keyword of '{entry.Key.Text}': give it to the tasks with 'apply'");
        }

        scope.IncludesRoles |= isHandler || module is IncludeRoleModule;
        var inclusion = outer with { Params = outer.Params.With(scope.Variables(mapping, "vars")), IsHandler = isHandler };
        if (entry.Value is YamlMapping options && options["apply"] is YamlMapping apply)
        {
            inclusion = keywords.Inherit(inclusion, apply, "block");
            entry = entry with { Value = options with { Entries = [.. options.Entries.Where(one => one.Key.Text != "apply")] } };
        }

        return Item(mapping, entry, module, keywords.Inherit(outer, mapping, "task")) with { Inclusion = inclusion };
    }

    private TaskItem Item(YamlMapping mapping, TaskEntry entry, TaskModule module, Inherited inherited) => new(module.Name, mapping.At)
    {
        Name = scope.Text(mapping, "name") is { Length: > 0 } name ? name : null,
        WrittenModule = entry.Key.Text,
        Arguments = arguments.Parse(module, entry.Entry, mapping["args"], inherited.ModuleDefaults),
        When = inherited.When,
        Vars = inherited.Vars,
        Tags = inherited.Tags,
        Register = scope.Identifier(mapping, "register"),
        Loop = loops.Loop(mapping),
        Until = loops.Until(mapping),
        ChangedWhen = scope.Conditions(mapping, "changed_when"),
        FailedWhen = scope.Conditions(mapping, "failed_when"),
        Notify = inherited.Notify,
        Listen = isHandler ? [.. scope.Texts(mapping, "listen").Select(topic => topic.ToString())] : [],
        Environment = inherited.Environment,
        IgnoreErrors = inherited.IgnoreErrors,
        NoLog = inherited.NoLog,
        CheckMode = inherited.CheckMode,
        Diff = inherited.Diff,
        Timeout = inherited.Timeout,
        Origin = inherited.Origin,
        Params = inherited.Params,
    };
}
