using System.Collections.Immutable;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a task will do and what it then reports.</summary>
/// <param name="Changes">In order; empty when the machine is as it should be.</param>
/// <param name="Result">What is registered, without <c>changed</c> and <c>failed</c> unless a module decides those itself.</param>
public sealed record TaskPlan(ImmutableArray<Change> Changes, DictValue Result)
{
    /// <summary>Whether nothing can be done: <see cref="Result"/> says why.</summary>
    public bool IsFailure { get; init; }

    /// <summary>A path whose owner, mode and kind are added to the result once all is done; null for none.</summary>
    public string? PathInfo { get; init; }

    /// <summary>Whether the path that the result names is described like <see cref="PathInfo"/>: what the changes made was not known before.</summary>
    public bool DescribesResult { get; init; }

    /// <summary>Makes the result from what came of the changes, failed ones included; null for the usual way.</summary>
    public Func<ImmutableArray<ChangeOutcome>, DictValue>? Report { get; init; }

    /// <summary>Whether the task is to be planned once more after these changes, which only made it possible.</summary>
    public bool PlanAgain { get; init; }

    /// <summary>Warnings for a person.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>Nothing to do.</summary>
    public static TaskPlan Nothing(DictValue result) => new([], result);

    /// <summary>Nothing can be done.</summary>
    public static TaskPlan Failure(string message, params ReadOnlySpan<(string Key, Value Value)> more) =>
        new([], Results.Of(more).With("failed", true).With("msg", message)) { IsFailure = true };
}
