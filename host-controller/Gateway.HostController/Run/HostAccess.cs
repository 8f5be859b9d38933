using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.HostController.Policy;
using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Run;

/// <summary>The machine a playbook is applied to.</summary>
/// <param name="Root">Put before every absolute path that the playbook names; <c>/</c> for none.</param>
/// <param name="DockerSocket">The engine's socket, a path on this machine.</param>
internal sealed record HostAccess(string Root, string DockerSocket)
{
    /// <summary>The folder of an unsigned playbook or of an unpacked bundle, whose files tasks may use; null for a lone signed one.</summary>
    public string? PlaybookFolder { get; init; }

    /// <summary>Whether only what lies in that folder may be used, because only that was signed.</summary>
    public bool IsSealed { get; init; }

    /// <summary>Folders in which files of a task are looked for before the playbook's own: those of its role, that of its tasks.</summary>
    public ImmutableArray<string> SearchFolders { get; init; } = [];

    /// <summary>What tasks may do, those that are included while the playbook runs as well.</summary>
    public LocalPolicy Policy { get; init; } = LocalPolicy.AllowsAll;

    /// <summary>Lookups that reach beyond the playbook's files and are allowed all the same: <c>pipe</c>, <c>url</c>.</summary>
    public ImmutableArray<string> AllowedLookups { get; init; } = [];

    /// <summary>Looks at the supervisor's container; null where there is no supervisor to be managed.</summary>
    public Func<UpdateSupervisor, CancellationToken, Task<Result<SupervisorState?>>>? ReadSupervisor { get; init; }

    /// <summary>Replaces the supervisor and rolls back when the new one fails; its text says what happened.</summary>
    public Func<UpdateSupervisor, Action<string>, CancellationToken, Task<Result<string>>>? UpdateSupervisor { get; init; }
}
