using System.Collections.Immutable;
using Gateway.HostController.Changes;
using Gateway.HostController.Modules;
using Gateway.HostController.Policy;
using Gateway.HostController.Run.Journal;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>Applies a playbook: per task read, plan, apply; as Ansible's linear strategy does for one host.</summary>
internal sealed class PlaybookRunner(HostAccess host, TimeProvider clock)
{
    /// <summary>The same for a playbook of a bundle, which may use what lies in its folder and nothing else; null for no bundle.</summary>
    public PlaybookRunner For(string? bundleFolder) => bundleFolder is null ? this : new(host with { PlaybookFolder = bundleFolder, IsSealed = true }, clock);

    /// <summary>Runs every play until one fails. Cancelling stops after ending what is under way.</summary>
    public Task<RunResult> RunAsync(Playbook playbook, RunOptions options, IRunObserver observer, CancellationToken cancellation) =>
        RunAsync(playbook, options, observer, Readers(), new ChangeExecutor(host, clock, observer.Progress).ExecuteAsync, cancellation);

    /// <summary>The same with another machine to read and change.</summary>
    internal async Task<RunResult> RunAsync(
        Playbook playbook, RunOptions options, IRunObserver observer, Func<Origin, IHostReader> readers, Func<Change, CancellationToken, Task<ChangeOutcome>> execute, CancellationToken cancellation)
    {
        var journal = new TaskJournal(options.Reboots?.Before ?? []);
        var policy = new PolicyGuard(host.Policy, new HostPaths(host.Root));
        var context = new RunContext(options, Variables(options), new RunState(), observer, clock, journal);
        context.Variables.Readers = readers;
        Task<ChangeOutcome> OrReboot(Change change, CancellationToken token) => change is Reboot reboot ? Task.FromResult(Ask(reboot, options, journal)) : execute(change, token);
        var plays = new PlayRunner(new TaskRunner(context, readers, OrReboot, policy), context, new Includer(playbook.Options, policy, host));
        foreach (var play in playbook.Plays)
        {
            observer.PlayStarted(play);
            context.Variables.SetMagic("ansible_play_name", play.Name);
            context.Variables.SetMagic("playbook_dir", host.PlaybookFolder is { } folder ? Path.GetFullPath(Path.Combine(folder, play.Folder)) : "/");
            if (!await plays.RunAsync(play, cancellation))
            {
                break;
            }
        }

        observer.Finished(context.State.Result);
        return context.State.Result;
    }

    private static ChangeOutcome Ask(Reboot reboot, RunOptions options, TaskJournal journal) =>
        options.Reboots is null ? new ChangeOutcome("this run could not go on after a reboot: the machine is not booted") : journal.Ask(reboot);

    /// <summary>The machine as tasks of a role or of an imported playbook see it: their files are looked for in folders of their own.</summary>
    private Func<Origin, IHostReader> Readers()
    {
        var readers = new Dictionary<string, IHostReader>(StringComparer.Ordinal);
        return origin =>
        {
            var folders = host.PlaybookFolder is { } own ? origin.SearchFolders.Select(folder => Path.GetFullPath(Path.Combine(own, folder))).ToImmutableArray() : [];
            var key = string.Join('\n', folders);
            return readers.TryGetValue(key, out var known) ? known : readers[key] = new HostReader(host with { SearchFolders = folders }, clock);
        };
    }

    private static RunVariables Variables(RunOptions options)
    {
        var variables = new RunVariables(options.ExtraVars);
        variables.SetMagic("ansible_check_mode", options.Check);
        variables.SetMagic("ansible_diff_mode", options.Diff);
        variables.SetMagic("ansible_run_tags", Texts(options.Tags.IsEmpty ? ["all"] : options.Tags));
        variables.SetMagic("ansible_skip_tags", Texts(options.SkipTags));
        variables.SetMagic("ansible_verbosity", (long)options.Verbosity);
        variables.SetMagic("ansible_connection", "local");
        variables.SetMagic("inventory_hostname", "localhost");
        variables.SetMagic("inventory_hostname_short", "localhost");
        variables.SetMagic("ansible_host", "localhost");
        variables.SetMagic("ansible_play_hosts", Texts(["localhost"]));
        variables.SetMagic("ansible_play_hosts_all", Texts(["localhost"]));
        variables.SetMagic("ansible_play_batch", Texts(["localhost"]));
        variables.SetMagic("play_hosts", Texts(["localhost"]));
        variables.SetMagic("group_names", Texts(["ungrouped"]));
        variables.SetMagic("groups", DictValue.Of(("all", Texts(["localhost"])), ("ungrouped", Texts(["localhost"]))));
        variables.SetMagic("ansible_forks", 5L);
        variables.SetMagic("ansible_version", DictValue.Of(("full", "2.14.18"), ("major", 2L), ("minor", 14L), ("revision", 18L), ("string", "2.14.18")));
        return variables;
    }

    private static ListValue Texts(ImmutableArray<string> texts) => ListValue.Of(texts.Select(text => (Value)text));
}
