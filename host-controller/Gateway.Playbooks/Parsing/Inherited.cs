using System.Collections.Immutable;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Parsing;

/// <summary>What a play and its blocks hand down to tasks (docs.ansible.com, "Playbook keywords").</summary>
internal sealed record Inherited
{
    /// <summary>Where the tasks stand.</summary>
    public Origin Origin { get; init; } = Origin.Playbook;

    public ImmutableArray<Condition> When { get; init; } = [];

    public ImmutableArray<string> Tags { get; init; } = [];

    /// <summary>Of blocks; those of the play are the play's own.</summary>
    public DictValue Vars { get; init; } = DictValue.Empty;

    /// <summary>Variables of dynamic includes, which win over facts that are set.</summary>
    public DictValue Params { get; init; } = DictValue.Empty;

    /// <summary>Arguments that tasks have when they do not give them, by module, outermost first.</summary>
    public ImmutableArray<ModuleDefault> ModuleDefaults { get; init; } = [];

    public ImmutableArray<Value> Environment { get; init; } = [];

    public ImmutableArray<Value> Notify { get; init; } = [];

    public Value? IgnoreErrors { get; init; }

    public Value? NoLog { get; init; }

    public Value? CheckMode { get; init; }

    public Value? Diff { get; init; }

    public Value? Timeout { get; init; }

    /// <summary>Whether the whole task is one of a list of handlers.</summary>
    public bool IsHandler { get; init; }
}

/// <summary>Default arguments of a module.</summary>
/// <param name="Module">As written: a short or full name.</param>
/// <param name="Arguments">A mapping.</param>
internal sealed record ModuleDefault(string Module, Gateway.Core.Yaml.YamlMapping Arguments);
