using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Parsing;

/// <summary>Reads one play.</summary>
internal sealed class PlayParser(ParseScope scope)
{
    private readonly TaskParser tasks = new(scope);

    /// <summary>The play; null after noting that it is none.</summary>
    public Play? Parse(YamlNode node)
    {
        if (node is not YamlMapping mapping)
        {
            scope.Fail(node, $"a play must be a mapping, not {node.Kind}");
            return null;
        }

        CheckKeywords(mapping);
        CheckHosts(mapping);
        var inherited = tasks.Inherit(new Inherited(), mapping, "play");
        var vars = inherited.Vars;
        inherited = inherited with { Vars = DictValue.Empty };
        scope.Notified.Clear();
        var gathers = scope.LiteralTruth(mapping, "gather_facts") ?? true;
        var play = new Play(scope.Text(mapping, "name") ?? HostsText(mapping), mapping.At)
        {
            Vars = vars,
            GatherFacts = gathers ? Gather(mapping, inherited) : null,
            ForceHandlers = scope.LiteralTruth(mapping, "force_handlers") ?? false,
            PreTasks = Tasks(mapping, "pre_tasks", inherited),
            Tasks = Tasks(mapping, "tasks", inherited),
            PostTasks = Tasks(mapping, "post_tasks", inherited),
            Handlers = Handlers(mapping, inherited),
        };
        CheckNotified(mapping["handlers"]);
        return play;
    }

    /// <summary>A handler that is not there is found before anything runs, unless names of handlers are known only then.</summary>
    private void CheckNotified(YamlNode? handlers)
    {
        // As written, so that a handler with a mistake in it is not said to be missing too.
        var written = handlers is YamlSequence list ? list.Items.OfType<YamlMapping>() : [];
        var names = written.SelectMany(handler => Texts(handler["name"]).Concat(Texts(handler["listen"]))).ToHashSet(StringComparer.Ordinal);
        if (names.Any(Templar.IsTemplate))
        {
            return;
        }

        foreach (var (name, at) in scope.Notified.Where(notified => !names.Contains(notified.Name)))
        {
            scope.Failures.Add(Failure.At(Phase.Parse, at, $"no handler of this play is named '{name}' or listens to it{Nearest.Hint(name, names)}"));
        }
    }

    private static TaskItem Gather(YamlMapping play, Inherited inherited) => new("setup", play.At)
    {
        Name = "Gathering Facts",
        WrittenModule = "gather_facts",
        // Ansible gives it these tags so that facts are there whatever is asked for.
        Tags = inherited.Tags.Add("always"),
        Environment = inherited.Environment,
        NoLog = inherited.NoLog,
    };

    private void CheckKeywords(YamlMapping play)
    {
        foreach (var entry in play.Entries.Where(entry => !Keywords.Play.Contains(entry.Key.Text)))
        {
            var name = Keywords.Short(entry.Key.Text);
            scope.Fail(entry.Key, Keywords.NotSupported.TryGetValue(name, out var instead)
                ? $"'{entry.Key.Text}' is not supported: {instead}"
                : $"a play has no keyword '{entry.Key.Text}'{Nearest.Hint(entry.Key.Text, Keywords.Play)}");
        }
    }

    private void CheckHosts(YamlMapping play)
    {
        if (play["hosts"] is not { } hosts)
        {
            scope.Fail(play, "a play needs 'hosts': all, or localhost");
            return;
        }

        foreach (var host in hosts is YamlSequence list ? list.Items : [hosts])
        {
            if (host is not YamlScalar { Text: "all" or "localhost" })
            {
                scope.Fail(host, "'hosts' must be all or localhost: which gateways a playbook is for stands in release.targets");
            }
        }
    }

    private static IEnumerable<string> Texts(YamlNode? node) =>
        (node is YamlSequence list ? list.Items.AsEnumerable() : node is null ? [] : [node]).OfType<YamlScalar>().Select(scalar => scalar.Text);

    private static string HostsText(YamlMapping play) => play["hosts"] switch
    {
        YamlScalar scalar => scalar.Text,
        YamlSequence list => string.Join(',', list.Items.OfType<YamlScalar>().Select(host => host.Text)),
        _ => "",
    };

    private ImmutableArray<TaskNode> Tasks(YamlMapping play, string key, Inherited inherited) =>
        play[key] is { } node ? tasks.List(node, key, inherited) : [];

    private ImmutableArray<TaskItem> Handlers(YamlMapping play, Inherited inherited)
    {
        if (play["handlers"] is not { } node)
        {
            return [];
        }

        var handlers = new TaskParser(scope, isHandler: true).List(node, "handlers", inherited);
        foreach (var handler in handlers.OfType<TaskItem>().Where(handler => handler.Name is null && handler.Listen.IsEmpty))
        {
            scope.Failures.Add(Failure.At(Phase.Parse, handler.At, "a handler needs a name, or 'listen', to be notified by"));
        }

        return [.. handlers.OfType<TaskItem>()];
    }
}
