using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Plan;

/// <summary>
/// Stops the old and starts the new, each service when those it depends on are as it asks; with start-first the old one
/// stays until the release is committed.
/// </summary>
/// <param name="slots">The services in start order.</param>
/// <param name="outgoing">Containers of ours that are not wanted.</param>
/// <param name="isCommitted">Whether the release is the last good one: then nothing old stays.</param>
internal sealed class Switch(List<Slot> slots, List<ObservedContainer> outgoing, bool isCommitted)
{
    /// <summary>For a service that is known good and starts again; then it is looked at anew.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly ImmutableArray<Step>.Builder steps = ImmutableArray.CreateBuilder<Step>();
    private readonly Dictionary<string, Slot> names = slots.ToDictionary(slot => slot.Service, StringComparer.Ordinal);
    private readonly Dictionary<string, int> levels = new(StringComparer.Ordinal);

    /// <summary>Stops at even stages, starts and restarts at the odd ones after them, a wait at the end.</summary>
    public ImmutableArray<Step> Steps(DateTimeOffset now)
    {
        Removal.Stop(steps, outgoing.Where(container => !names.ContainsKey(World.Service(container))), 0);
        foreach (var slot in slots.Where(slot => slot.Target is not null && slot.Missing is null))
        {
            Bring(slot);
        }

        if (steps.Count == 0)
        {
            Wait(now);
        }

        return steps.ToImmutable();
    }

    private void Bring(Slot slot)
    {
        var old = outgoing.Where(container => World.Service(container) == slot.Service && Removal.IsUp(container) && (isCommitted || !StartFirst.IsWanted(slot.Spec))).ToList();
        var target = slot.Target!;
        if (slot.Verdict.Standing is not (Standing.Down or Standing.Restart))
        {
            // The engine may have started both after a power cut: the old one goes.
            Removal.Stop(steps, old, 0);
        }
        else if (Level(slot) is { } level)
        {
            levels[slot.Service] = level;
            Removal.Stop(steps, old, 2 * level);
            steps.Add(slot.Verdict.Standing == Standing.Restart ? new RestartContainer((2 * level) + 1, target.Name, target.Id)
                : target.State == ContainerState.Paused ? new UnpauseContainer((2 * level) + 1, target.Name, target.Id)
                : new StartContainer((2 * level) + 1, target.Name, target.Id));
        }
    }

    private void Wait(DateTimeOffset now)
    {
        var pending = slots.Where(slot => slot.Verdict.Standing == Standing.Pending).ToList();
        if (pending.Count > 0)
        {
            steps.Add(new WaitForContainers(Stages.Wait, [.. pending.Select(slot => slot.Target!.Name)], pending.Min(slot => slot.Verdict.Until)));
            return;
        }

        var starting = slots.Where(slot => slot.Target is { State: ContainerState.Running, Health: ContainerHealth.Starting }).Select(slot => slot.Target!.Name).ToImmutableArray();
        if (!starting.IsEmpty && slots.Any(slot => slot.Target is not null && slot.Missing is null && slot.Verdict.Standing is Standing.Down or Standing.Restart))
        {
            steps.Add(new WaitForContainers(Stages.Wait, starting, now + LongestWait));
        }
    }

    /// <summary>After which level of this very batch it may start; null: not yet.</summary>
    private int? Level(Slot slot)
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
