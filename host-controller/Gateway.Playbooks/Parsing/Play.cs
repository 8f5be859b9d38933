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

    /// <summary>The task that gathers facts; null when the play has <c>gather_facts: false</c>.</summary>
    public TaskItem? GatherFacts { get; init; }

    public ImmutableArray<TaskNode> PreTasks { get; init; } = [];

    public ImmutableArray<TaskNode> Tasks { get; init; } = [];

    public ImmutableArray<TaskNode> PostTasks { get; init; } = [];

    public ImmutableArray<TaskItem> Handlers { get; init; } = [];

    /// <summary>Whether notified handlers run even after a failure.</summary>
    public bool ForceHandlers { get; init; }

    /// <summary>Every task, handlers, rescue and always parts included.</summary>
    public IEnumerable<TaskItem> AllTasks => PreTasks.Concat(Tasks).Concat(PostTasks).SelectMany(Flatten).Concat(Handlers);

    private static IEnumerable<TaskItem> Flatten(TaskNode node) => node switch
    {
        TaskItem task => [task],
        TaskBlock block => block.Block.Concat(block.Rescue).Concat(block.Always).SelectMany(Flatten),
        _ => [],
    };
}
