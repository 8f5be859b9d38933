using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;

namespace Gateway.Reconciliation.Plan;

/// <summary>Stops the old and starts the new, each service when those it depends on are as it asks.</summary>
internal static class Switch
{
    /// <summary>For a service that is known good and starts again; then it is looked at anew.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>Stops at even stages, starts at the odd ones after them, a wait at the end.</summary>
    /// <param name="slots">The services in start order.</param>
    /// <param name="outgoing">Containers of ours that are not desired.</param>
    /// <param name="now">The time.</param>
    public static ImmutableArray<Step> Steps(IReadOnlyList<Slot> slots, IReadOnlyList<ObservedContainer> outgoing, DateTimeOffset now)
    {
        var steps = ImmutableArray.CreateBuilder<Step>();
        var levels = new Dictionary<string, int>(StringComparer.Ordinal);
        var names = slots.ToDictionary(slot => slot.Spec.Service.Name, StringComparer.Ordinal);
        Removal.Stop(steps, outgoing.Where(container => !names.ContainsKey(World.Service(container))), 0);
        foreach (var slot in slots.Where(slot => slot.Target is not null && slot.Missing is null))
        {
            var name = slot.Spec.Service.Name;
            var old = outgoing.Where(container => World.Service(container) == name && Removal.IsUp(container)).ToList();
            if (slot.Verdict.Standing != Standing.Down)
            {
                // The engine may have started both after a power cut: the old one goes.
                Removal.Stop(steps, old, 0);
            }
            else if (Level(slot, names, levels) is { } level)
            {
                levels[name] = level;
                Removal.Stop(steps, old, 2 * level);
                steps.Add(new StartContainer((2 * level) + 1, slot.Target!.Name, slot.Target.Id));
            }
        }

        var pending = slots.Where(slot => slot.Verdict.Standing == Standing.Pending).ToList();
        if (pending.Count > 0 && steps.Count == 0)
        {
            steps.Add(new WaitForContainers(Stages.Wait, [.. pending.Select(slot => slot.Target!.Name)], pending.Min(slot => slot.Verdict.Until)));
        }

        var starting = slots.Where(slot => slot.Target is { State: ContainerState.Running, Health: ContainerHealth.Starting }).Select(slot => slot.Target!.Name).ToImmutableArray();
        if (steps.Count == 0 && !starting.IsEmpty && slots.Any(slot => slot.Target is not null && slot.Missing is null && slot.Verdict.Standing == Standing.Down))
        {
            steps.Add(new WaitForContainers(Stages.Wait, starting, now + LongestWait));
        }

        return steps.ToImmutable();
    }

    /// <summary>After which level of this very batch it may start; null: not yet.</summary>
    private static int? Level(Slot slot, Dictionary<string, Slot> names, Dictionary<string, int> levels)
    {
        var level = 0;
        foreach (var needed in slot.Spec.Service.DependsOn)
        {
            if (!names.TryGetValue(needed.Service, out var other))
            {
                continue;
            }

            if (needed.Condition == DependencyCondition.Started && levels.TryGetValue(needed.Service, out var earlier))
            {
                level = Math.Max(level, earlier + 1);
            }
            else if (other.Target is not { } container || !Satisfies(container, other.Verdict, needed.Condition))
            {
                return null;
            }
        }

        return level;
    }

    private static bool Satisfies(ObservedContainer container, Verdict verdict, DependencyCondition condition) => condition switch
    {
        DependencyCondition.Started => container.State == ContainerState.Running || (container.State == ContainerState.Exited && verdict.Standing == Standing.Ready),
        DependencyCondition.Healthy => container.State == ContainerState.Running && container.Health is ContainerHealth.Healthy or ContainerHealth.None && verdict.Standing == Standing.Ready,
        _ => container is { State: ContainerState.Exited, ExitCode: 0 or null } && verdict.Standing == Standing.Ready,
    };
}
