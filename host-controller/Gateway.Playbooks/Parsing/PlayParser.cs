using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;

namespace Gateway.Playbooks.Parsing;

/// <summary>Reads one play.</summary>
internal sealed class PlayParser(ParseScope scope)
{
    private static readonly string[] OfFacts = ["fact_path", "gather_subset", "gather_timeout"];
    private readonly TaskParser tasks = new(scope);
    private readonly KeywordReader keywords = new(scope);

    /// <summary>The play; null after noting that it is none.</summary>
    public Play? Parse(YamlNode node, PlaybookImport import)
    {
        if (node is not YamlMapping mapping)
        {
            scope.Fail(node, $"a play must be a mapping, not {node.Kind}");
            return null;
        }

        CheckKeywords(mapping);
        CheckHosts(mapping);
        scope.BeginPlay();
        var origin = new Origin(import.Folder) { Base = import.Folder, Depth = import.Depth };
        var inherited = keywords.Inherit(new Inherited { Origin = origin, When = import.When, Tags = import.Tags }, mapping, "play");
        var vars = inherited.Vars.With(import.Vars);
        inherited = inherited with { Vars = DictValue.Empty };
        var play = new Play(scope.Text(mapping, "name") ?? HostsText(mapping), mapping.At)
        {
            Vars = vars,
            FileVars = new VarsFiles(scope).Read(mapping, vars, import.Folder),
            Folder = import.Folder,
            GatherFacts = scope.LiteralTruth(mapping, "gather_facts") ?? true ? Gather(mapping, inherited) : null,
            ForceHandlers = scope.LiteralTruth(mapping, "force_handlers") ?? false,
        };
        scope.PlayVars = vars.With(play.FileVars);
        return Body(play, mapping, inherited);
    }

    private Play Body(Play play, YamlMapping mapping, Inherited inherited)
    {
        var roles = new RoleLoader(scope).Entries(mapping["roles"], "roles", inherited, null);
        scope.PublicRoles.InsertRange(0, roles.Select(one => one.Role));
        scope.RoleHandlers.AddRange(roles.SelectMany(one => one.Handlers));
        var ofRoles = scope.RoleHandlers.Count;
        play = play with
        {
            PreTasks = tasks.List(mapping["pre_tasks"], "pre_tasks", inherited),
            Tasks = [.. roles.SelectMany(one => one.Tasks), .. tasks.List(mapping["tasks"], "tasks", inherited)],
            PostTasks = tasks.List(mapping["post_tasks"], "post_tasks", inherited),
        };
        var own = new TaskParser(scope, isHandler: true).Handlers(mapping["handlers"], inherited);
        CheckNotified();
        return play with { Roles = [.. scope.PublicRoles], Handlers = [.. scope.RoleHandlers.Take(ofRoles), .. own, .. scope.RoleHandlers.Skip(ofRoles)] };
    }

    /// <summary>A handler that is not there is found before anything runs, unless names of handlers are known only then.</summary>
    private void CheckNotified()
    {
        if (scope.IncludesRoles || scope.HandlerNames.Any(Templar.IsTemplate))
        {
            return;
        }

        foreach (var (name, at) in scope.Notified.Where(notified => !scope.HandlerNames.Contains(notified.Name)))
        {
            scope.Failures.Add(Failure.At(Phase.Parse, at, $"no handler of this play is named '{name}' or listens to it{Nearest.Hint(name, scope.HandlerNames)}"));
        }
    }

    private TaskItem Gather(YamlMapping play, Inherited inherited) => new("setup", play.At)
    {
        Name = "Gathering Facts",
        Arguments = new ArgumentParser(scope).Parse(
            ModuleTable.Find("setup")!,
            new YamlEntry(new YamlScalar("setup", true, play.At, null), new YamlMapping([.. play.Entries.Where(entry => OfFacts.Contains(entry.Key.Text))], play.At, null)),
            null,
            inherited.ModuleDefaults),
        WrittenModule = "gather_facts",
        // Ansible gives it these tags so that facts are there whatever is asked for.
        Tags = inherited.Tags.Add("always"),
        When = inherited.When,
        Environment = inherited.Environment,
        NoLog = inherited.NoLog,
        Origin = inherited.Origin,
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

    private static string HostsText(YamlMapping play) => play["hosts"] switch
    {
        YamlScalar scalar => scalar.Text,
        YamlSequence list => string.Join(',', list.Items.OfType<YamlScalar>().Select(host => host.Text)),
        _ => "",
    };
}
