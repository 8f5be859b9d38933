using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a module knows besides its options and the machine.</summary>
/// <param name="Check">Whether nothing may be changed.</param>
/// <param name="Diff">Whether changes are to be shown before and after.</param>
/// <param name="Verbosity">0 unless more was asked for.</param>
/// <param name="At">Where the task stands.</param>
/// <param name="Environment">The task's <c>environment</c>, rendered.</param>
/// <param name="Templar">Evaluates conditions and expressions that are options.</param>
/// <param name="Variables">What they see.</param>
public sealed record ModuleContext(
    bool Check, bool Diff, int Verbosity, Position At, ImmutableArray<KeyValuePair<string, string>> Environment, Templar Templar, IVariables Variables)
{
    /// <summary>For looking at options before anything runs.</summary>
    internal static ModuleContext Nowhere { get; } = new(false, false, 0, default, [], new Templar(), new NoVariables());

    /// <summary>0 when a task is planned first, 1 when it is planned again after <see cref="TaskPlan.PlanAgain"/>.</summary>
    public int Round { get; init; }
}

/// <summary>No variables at all.</summary>
internal sealed class NoVariables : IVariables
{
    public bool TryGet(string name, [System.Diagnostics.CodeAnalysis.MaybeNullWhen(false)] out Value value)
    {
        value = null;
        return false;
    }
}
