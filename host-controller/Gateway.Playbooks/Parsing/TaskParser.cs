using System.Collections.Immutable;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Parsing;

/// <summary>Reads tasks and blocks.</summary>
internal sealed class TaskParser(ParseScope scope, bool isHandler = false)
{
    private readonly ArgumentParser arguments = new(scope);
    private readonly LoopParser loops = new(scope);

    /// <summary>A list of tasks and blocks.</summary>
    public ImmutableArray<TaskNode> List(YamlNode node, string key, Inherited inherited)
    {
        if (node is YamlScalar { IsPlain: true, Text: "" or "~" or "null" })
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

    /// <summary>What a play or block hands down, with its own keywords on top.</summary>
    public Inherited Inherit(Inherited outer, YamlMapping mapping, string what)
    {
        CheckRoot(mapping, what);
        return outer with
        {
            When = [.. outer.When, .. scope.Conditions(mapping, "when")],
            Tags = [.. outer.Tags.Union(scope.Tags(mapping))],
            Vars = outer.Vars.With(scope.Variables(mapping, "vars")),
            Environment = [.. outer.Environment, .. Environment(mapping)],
            Notify = [.. outer.Notify, .. scope.Notifications(mapping)],
            IgnoreErrors = scope.Truth(mapping, "ignore_errors") ?? outer.IgnoreErrors,
            NoLog = scope.Truth(mapping, "no_log") ?? outer.NoLog,
            CheckMode = scope.Truth(mapping, "check_mode") ?? outer.CheckMode,
            Diff = scope.Truth(mapping, "diff") ?? outer.Diff,
        };
    }

    private TaskNode? Node(YamlNode node, Inherited inherited)
    {
        if (node is not YamlMapping mapping)
        {
            scope.Fail(node, $"a task must be a mapping, not {node.Kind}");
            return null;
        }

        if (mapping["block"] is null)
        {
            return Task(mapping, inherited);
        }

        if (isHandler)
        {
            scope.Fail(mapping, "a block cannot be a handler: write its tasks as handlers that listen to the same topic");
            return null;
        }

        return Block(mapping, inherited);
    }

    private TaskBlock Block(YamlMapping mapping, Inherited outer)
    {
        foreach (var entry in mapping.Entries.Where(entry => !Keywords.Block.Contains(entry.Key.Text)))
        {
            scope.Fail(entry.Key, Keywords.NotSupported.TryGetValue(Keywords.Short(entry.Key.Text), out var instead)
                ? $"'{entry.Key.Text}' is not supported: {instead}"
                : $"a block has no keyword '{entry.Key.Text}'{Nearest.Hint(entry.Key.Text, Keywords.Block)}");
        }

        var inherited = Inherit(outer, mapping, "block");
        return new TaskBlock(mapping.At)
        {
            Block = List(mapping["block"]!, "block", inherited),
            Rescue = mapping["rescue"] is { } rescue ? List(rescue, "rescue", inherited) : [],
            Always = mapping["always"] is { } always ? List(always, "always", inherited) : [],
        };
    }

    private TaskItem? Task(YamlMapping mapping, Inherited outer)
    {
        if (ModuleOf(mapping) is not var (entry, module))
        {
            return null;
        }

        var inherited = Inherit(outer, mapping, "task");
        return new TaskItem(module.Name, mapping.At)
        {
            Name = scope.Text(mapping, "name") is { Length: > 0 } name ? name : null,
            WrittenModule = entry.Key.Text,
            Arguments = arguments.Parse(module, entry, mapping["args"]),
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
        };
    }

    /// <summary>The one key of a task that is no keyword, and its module.</summary>
    private (YamlEntry Entry, TaskModule Module)? ModuleOf(YamlMapping mapping)
    {
        (YamlEntry Entry, TaskModule Module)? found = null;
        var wrong = false;
        var known = isHandler ? Keywords.Handler : Keywords.Task;
        foreach (var entry in mapping.Entries.Where(entry => !known.Contains(entry.Key.Text)))
        {
            var name = entry.Key.Text;
            if (ModuleTable.Find(name) is { } module)
            {
                if (found is { } other)
                {
                    scope.Fail(entry.Key, $"a task has one module: '{other.Entry.Key.Text}' stands here already");
                    wrong = true;
                }

                found ??= (entry, module);
                continue;
            }

            wrong = true;
            scope.Fail(entry.Key, Keywords.NotSupported.TryGetValue(Keywords.Short(name), out var instead) ? $"'{name}' is not supported: {instead}"
                : name.StartsWith("with_", StringComparison.Ordinal) ? $"'{name}' is not supported: use 'loop'"
                : name is "rescue" or "always" ? $"'{name}' needs a 'block' beside it"
                : name == "listen" ? "'listen' is for handlers"
                : $"there is no module or keyword '{name}'{Nearest.Hint(name, ModuleTable.Names.Concat(known))}");
        }

        if (found is null && !wrong)
        {
            scope.Fail(mapping, "the task names no module");
        }

        return wrong ? null : found;
    }

    private IEnumerable<Value> Environment(YamlMapping mapping)
    {
        foreach (var value in scope.Texts(mapping, "environment"))
        {
            if (value is DictValue or TextValue { IsTemplate: true })
            {
                yield return value;
            }
            else
            {
                scope.Fail(mapping["environment"]!, "'environment' must be a mapping of names and values");
            }
        }
    }

    /// <summary>Everything runs as root on this machine: what says so is accepted, what says otherwise is refused.</summary>
    private void CheckRoot(YamlMapping mapping, string what)
    {
        foreach (var key in (ReadOnlySpan<string>)["become", "run_once", "any_errors_fatal"])
        {
            _ = scope.Truth(mapping, key);
        }

        foreach (var (key, allowed) in (ReadOnlySpan<(string, string)>)[("become_user", "root"), ("remote_user", "root"), ("become_method", "sudo"), ("connection", "local")])
        {
            if (scope.Text(mapping, key) is { } text && text != allowed)
            {
                scope.Fail(mapping[key]!, $"'{key}' of a {what} can only be {allowed}: tasks run as root on this machine");
            }
        }
    }
}
