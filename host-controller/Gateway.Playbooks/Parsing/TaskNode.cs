using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Parsing;

/// <summary>A task, or a block of tasks.</summary>
/// <param name="At">Where it begins.</param>
public abstract record TaskNode(Position At)
{
    /// <summary>The task, or those of the block, rescue and always parts included.</summary>
    internal static IEnumerable<TaskItem> Flatten(TaskNode node) => node switch
    {
        TaskItem task => [task],
        TaskBlock block => block.Block.Concat(block.Rescue).Concat(block.Always).SelectMany(Flatten),
        _ => [],
    };
}

/// <summary>Tasks with what to do when one of them fails, and what to do in any case.</summary>
public sealed record TaskBlock(Position At) : TaskNode(At)
{
    public ImmutableArray<TaskNode> Block { get; init; } = [];

    public ImmutableArray<TaskNode> Rescue { get; init; } = [];

    public ImmutableArray<TaskNode> Always { get; init; } = [];

    /// <summary>For the tasks of a role that may run once in a play only: the role and what it was given; else null.</summary>
    public string? Role { get; init; }

    /// <summary>Whether it has a rescue part, an empty one included.</summary>
    public bool HasRescue => !Rescue.IsEmpty;
}

/// <summary>A condition: an expression without braces, or a truth value.</summary>
public sealed record Condition(Value Expression, Position At);

/// <summary>One argument of a task, not rendered.</summary>
/// <param name="Name">As the module calls it; aliases are resolved.</param>
/// <param name="Value">Its value.</param>
/// <param name="At">Where it stands.</param>
public sealed record Argument(string Name, Value Value, Position At);

/// <summary>What a task repeats over.</summary>
/// <param name="Items">A list, or a template that gives one.</param>
/// <param name="Lookup">The lookup that makes the list of it, for the <c>with_</c> forms; null for <c>loop</c>.</param>
/// <param name="At">Where it stands.</param>
public sealed record Loop(Value Items, string? Lookup, Position At)
{
    public string Variable { get; init; } = "item";

    public string? IndexVariable { get; init; }

    /// <summary>What is printed for an item; null for the item itself.</summary>
    public Value? Label { get; init; }

    /// <summary>Seconds between items.</summary>
    public Value? Pause { get; init; }

    /// <summary>Whether <c>ansible_loop</c> is set.</summary>
    public bool Extended { get; init; }

    /// <summary>Whether <c>ansible_loop.allitems</c> is among it.</summary>
    public bool ExtendedAllItems { get; init; } = true;
}

/// <summary>Repeating a task until a condition holds.</summary>
/// <param name="Conditions">All must hold.</param>
/// <param name="Retries">How often it is repeated after the first attempt; null for 3.</param>
/// <param name="Delay">Seconds between attempts; null for 5.</param>
public sealed record Until(ImmutableArray<Condition> Conditions, Value? Retries, Value? Delay);

/// <summary>One task with everything that its play and blocks hand down to it.</summary>
/// <param name="Module">The module's short name.</param>
/// <param name="At">Where the task begins.</param>
public sealed record TaskItem(string Module, Position At) : TaskNode(At)
{
    /// <summary>As written, perhaps with templates; null when the task has no name.</summary>
    public string? Name { get; init; }

    /// <summary>The module's name as the playbook writes it.</summary>
    public string WrittenModule { get; init; } = Module;

    public ImmutableArray<Argument> Arguments { get; init; } = [];

    /// <summary>All must hold; those of the play and blocks come first.</summary>
    public ImmutableArray<Condition> When { get; init; } = [];

    /// <summary>Variables of blocks and of the task, not rendered; the innermost wins.</summary>
    public DictValue Vars { get; init; } = DictValue.Empty;

    public ImmutableArray<string> Tags { get; init; } = [];

    public string? Register { get; init; }

    public Loop? Loop { get; init; }

    public Until? Until { get; init; }

    public ImmutableArray<Condition> ChangedWhen { get; init; } = [];

    public ImmutableArray<Condition> FailedWhen { get; init; } = [];

    public ImmutableArray<Value> Notify { get; init; } = [];

    /// <summary>Topics a handler listens to.</summary>
    public ImmutableArray<string> Listen { get; init; } = [];

    /// <summary>Environment of what the task runs, outermost first.</summary>
    public ImmutableArray<Value> Environment { get; init; } = [];

    public Value? IgnoreErrors { get; init; }

    public Value? NoLog { get; init; }

    public Value? CheckMode { get; init; }

    public Value? Diff { get; init; }

    /// <summary>Seconds the task may take; null for no bound of its own.</summary>
    public Value? Timeout { get; init; }

    /// <summary>Where it comes from.</summary>
    public Origin Origin { get; init; } = Origin.Playbook;

    /// <summary>Variables of the dynamic includes around it, which win over facts that are set.</summary>
    public DictValue Params { get; init; } = DictValue.Empty;

    /// <summary>What tasks that this one includes inherit; null when it includes none.</summary>
    internal Inherited? Inclusion { get; init; }

    /// <summary>Its name as messages and handlers' lists show it, templates not rendered: a role's stands before it.</summary>
    public string? FullName => Name is null || Origin.Role is null ? Name : $"{Origin.Role.Name} : {Name}";
}
