using System.Collections.Immutable;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Parsing;

/// <summary>What a play and its blocks hand down to tasks (docs.ansible.com, "Playbook keywords").</summary>
internal sealed record Inherited
{
    public ImmutableArray<Condition> When { get; init; } = [];

    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Of blocks; those of the play are the play's own.</summary>
    public DictValue Vars { get; init; } = DictValue.Empty;

    public ImmutableArray<Value> Environment { get; init; } = [];

    public ImmutableArray<Value> Notify { get; init; } = [];

    public Value? IgnoreErrors { get; init; }

    public Value? NoLog { get; init; }

    public Value? CheckMode { get; init; }

    public Value? Diff { get; init; }
}
