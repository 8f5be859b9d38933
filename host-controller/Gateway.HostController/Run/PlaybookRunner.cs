using System.Collections.Immutable;
using Gateway.HostController.Changes;
using Gateway.HostController.Modules;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Modules;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>Applies a playbook: per task read, plan, apply; as Ansible's linear strategy does for one host.</summary>
internal sealed class PlaybookRunner(HostAccess host, TimeProvider clock)
{
    /// <summary>Runs every play until one fails. Cancelling stops after ending what is under way.</summary>
    public Task<RunResult> RunAsync(Playbook playbook, RunOptions options, IRunObserver observer, CancellationToken cancellation) =>
        RunAsync(playbook, options, observer, new HostReader(host, clock), new ChangeExecutor(host, clock, observer.Progress).ExecuteAsync, cancellation);

    /// <summary>The same with another machine to read and change.</summary>
    internal async Task<RunResult> RunAsync(
        Playbook playbook, RunOptions options, IRunObserver observer, IHostReader reader, Func<Change, CancellationToken, Task<ChangeOutcome>> execute, CancellationToken cancellation)
    {
        var state = new RunState();
        var variables = Variables(options);
        var tasks = new TaskRunner(options, variables, reader, execute, observer, clock);
        var plays = new PlayRunner(tasks, variables, state, options, observer, clock);
        foreach (var play in playbook.Plays)
        {
            observer.PlayStarted(play);
            if (!await plays.RunAsync(play, cancellation))
            {
                break;
            }
        }

        observer.Finished(state.Result);
        return state.Result;
    }

    private RunVariables Variables(RunOptions options)
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
        variables.SetMagic("playbook_dir", host.PlaybookFolder ?? "/");
        return variables;
    }

    private static ListValue Texts(ImmutableArray<string> texts) => ListValue.Of(texts.Select(text => (Value)text));
}
