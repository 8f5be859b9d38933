using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Parsing;

/// <summary>One play. What it hands down (when, tags, vars …) stands in its tasks already.</summary>
/// <param name="Name">As written, or the hosts it is for.</param>
/// <param name="At">Where it begins.</param>
public sealed record Play(string Name, Position At)
{
    /// <summary>Variables of the play, not rendered.</summary>
    public DictValue Vars { get; init; } = DictValue.Empty;

    /// <summary>Variables of <c>vars_files</c>, not rendered; they win over those of the play.</summary>
    public DictValue FileVars { get; init; } = DictValue.Empty;

    /// <summary>Roles whose defaults and variables the whole play sees, in order.</summary>
    public ImmutableArray<Role> Roles { get; init; } = [];

    /// <summary>The folder of its playbook, relative to the first one's; that of an imported playbook differs.</summary>
    public string Folder { get; init; } = "";

    /// <summary>The task that gathers facts; null when the play has <c>gather_facts: false</c>.</summary>
    public TaskItem? GatherFacts { get; init; }

    public ImmutableArray<TaskNode> PreTasks { get; init; } = [];

    /// <summary>Those of roles come first.</summary>
    public ImmutableArray<TaskNode> Tasks { get; init; } = [];

    public ImmutableArray<TaskNode> PostTasks { get; init; } = [];

    public ImmutableArray<TaskItem> Handlers { get; init; } = [];

    /// <summary>Whether notified handlers run even after a failure.</summary>
    public bool ForceHandlers { get; init; }

    /// <summary>Every task, handlers, rescue and always parts included.</summary>
    public IEnumerable<TaskItem> AllTasks => PreTasks.Concat(Tasks).Concat(PostTasks).SelectMany(TaskNode.Flatten).Concat(Handlers);
}
