using System.Collections.Immutable;
using Gateway.HostController.Reboots;
using Gateway.Playbooks.Expressions;

namespace Gateway.HostController.Run;

/// <summary>How a playbook is applied.</summary>
internal sealed record RunOptions
{
    /// <summary>Whether to find out only, and change nothing.</summary>
    public bool Check { get; init; }

    /// <summary>Whether changes are shown before and after.</summary>
    public bool Diff { get; init; }

    /// <summary>Only tasks with one of these tags; empty for all.</summary>
    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>No tasks with one of these tags.</summary>
    public ImmutableArray<string> SkipTags { get; init; } = [];

    /// <summary>Variables that win over all others; see <see cref="Gateway.Playbooks.Parsing.ExtraVars"/>.</summary>
    public DictValue ExtraVars { get; init; } = DictValue.Empty;

    /// <summary>Boots the machine for a task and goes on afterwards; null where a run cannot.</summary>
    public ResumableRun? Reboots { get; init; }

    /// <summary>0, or 1 for <c>--verbose</c>: what <c>debug: verbosity:</c> is compared with.</summary>
    public int Verbosity { get; init; }
}
