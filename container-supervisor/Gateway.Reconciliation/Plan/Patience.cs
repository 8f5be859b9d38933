using System.Collections.Immutable;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>Notes in the record, before it happens, which services are helped; and forgets it when they have been well for long.</summary>
internal static class Patience
{
    /// <summary>The record with the notes; the same object when there is nothing to note.</summary>
    /// <param name="record">What is remembered.</param>
    /// <param name="way">What was planned.</param>
    /// <param name="steps">Its steps.</param>
    /// <param name="now">The time.</param>
    public static ApplicationRecord Note(ApplicationRecord record, ReleasePlanner way, ImmutableArray<Step> steps, DateTimeOffset now)
    {
        var trials = record.Trials;
        foreach (var (service, _) in trials.Where(pair => IsOver(pair.Value, way.Slots.FirstOrDefault(slot => slot.Service == pair.Key), now)))
        {
            trials = trials.Remove(service);
        }

        foreach (var slot in way.Slots)
        {
            var known = trials.GetValueOrDefault(slot.Service);
            if (way.IsCommitted && steps.Any(step => Helps(step, slot)))
            {
                trials = trials.SetItem(slot.Service, new Trial((known?.Count ?? 0) + 1, now));
            }
            else if (IsRenewed(way, slot) || (!way.IsCommitted && steps.Any(step => step is RestartContainer restart && restart.Id == slot.Target?.Id)))
            {
                trials = trials.SetItem(slot.Service, new Trial(known?.Count ?? 0, now));
            }
        }

        return ReferenceEquals(trials, record.Trials) ? record : record with { Trials = trials };
    }

    private static bool Helps(Step step, Slot slot) => step switch
    {
        StartContainer start => start.Id == slot.Target?.Id,
        RestartContainer restart => restart.Id == slot.Target?.Id,
        UnpauseContainer unpause => unpause.Id == slot.Target?.Id,
        CreateContainer create => create.Name == slot.Name,
        _ => false,
    };

    /// <summary>Its good container never stopped, but another of it, started later and now going, may have been taken for it by those tied to it.</summary>
    private static bool IsRenewed(ReleasePlanner way, Slot slot) =>
        way.IsCommitted && slot.Target is { State: ContainerState.Running, Started: { } started }
        && way.Outgoing.Any(container => World.Service(container) == slot.Service && container.Started > started);

    private static bool IsOver(Trial trial, Slot? slot, DateTimeOffset now) =>
        slot is null || (now - trial.At >= Trial.Calm && slot is { Verdict: { Standing: Standing.Ready, Reason: null } });
}
