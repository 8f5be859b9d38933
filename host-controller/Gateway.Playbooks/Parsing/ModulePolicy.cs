using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.Playbooks.Parsing;

/// <summary>The gateway's own say in what playbooks may use.</summary>
public static class ModulePolicy
{
    /// <summary>Every task whose module the local policy does not allow, with its place.</summary>
    /// <param name="playbook">The playbook.</param>
    /// <param name="allowed">Short or full names of modules; null allows all.</param>
    public static ImmutableArray<Failure> Judge(Playbook playbook, ImmutableArray<string>? allowed) => Judge(playbook.AllTasks, allowed);

    /// <summary>The same for tasks that are included while the playbook runs.</summary>
    public static ImmutableArray<Failure> Judge(IEnumerable<TaskItem> tasks, ImmutableArray<string>? allowed)
    {
        if (allowed is not { } names)
        {
            return [];
        }

        var set = names.ToHashSet(StringComparer.Ordinal);
        return [.. tasks
            .Where(task => !set.Contains(task.Module) && !set.Contains(task.WrittenModule))
            .Select(task => Failure.At(Phase.Policy, task.At, $"module '{task.WrittenModule}' is not in allowed_modules of this gateway"))];
    }
}
