using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;

namespace Gateway.Reconciliation.Plan;

/// <summary>
/// Gives containers their names, and frees names for those to be made: what was good is kept under another name, the
/// rest goes. Stops at stage 1, removals 2, renames 3 and 4.
/// </summary>
/// <param name="slots">The services.</param>
/// <param name="outgoing">Containers of ours that are not wanted.</param>
/// <param name="isGood">Whether a container belongs to the last good release.</param>
internal sealed class Room(List<Slot> slots, List<ObservedContainer> outgoing, Func<ObservedContainer, bool> isGood)
{
    private readonly ImmutableArray<Step>.Builder steps = ImmutableArray.CreateBuilder<Step>();
    private readonly HashSet<string> freed = new(StringComparer.Ordinal);
    private readonly HashSet<string> promised = new(StringComparer.Ordinal);

    public ImmutableArray<Step> Make(Func<string, bool> isTaken)
    {
        foreach (var slot in slots.Where(slot => slot.IsToBeMade || slot is { Target: not null, IsNamed: false }))
        {
            Free(slot, isTaken);
            if (slot.Target is { } target && (freed.Contains(slot.Name) || !isTaken(slot.Name)) && promised.Add(slot.Name))
            {
                steps.Add(new RenameContainer(4, target.Name, target.Id, slot.Name));
            }
        }

        return steps.ToImmutable();
    }

    private void Free(Slot slot, Func<string, bool> isTaken)
    {
        if (outgoing.FirstOrDefault(container => container.Name == slot.Name) is { } occupant)
        {
            if (!isGood(occupant))
            {
                Discard(occupant);
                return;
            }

            steps.Add(new RenameContainer(3, occupant.Name, occupant.Id, Refuge(slot.Name, occupant, isTaken)));
            freed.Add(slot.Name);
        }
        else if (slots.FirstOrDefault(other => other.Target?.Name == slot.Name) is { } squatter
            && isTaken(squatter.Name)
            && outgoing.All(container => container.Name != squatter.Name))
        {
            // Somebody gave two of ours each other's names: one steps aside, and gets its own in the next plan.
            steps.Add(new RenameContainer(3, slot.Name, squatter.Target!.Id, Refuge(squatter.Name, squatter.Target, isTaken)));
        }
    }

    /// <summary>A name to keep it under. What bears the plain one may be the last good one of its service: nothing is removed to make room.</summary>
    private string Refuge(string name, ObservedContainer container, Func<string, bool> isTaken)
    {
        var plain = name + Names.PreviousSuffix;
        return !isTaken(plain) && promised.Add(plain) ? plain : $"{name}.{container.Id[..Math.Min(12, container.Id.Length)]}{Names.PreviousSuffix}";
    }

    private void Discard(ObservedContainer container)
    {
        Removal.Stop(steps, [container], 1);
        steps.Add(new RemoveContainer(2, container.Name, container.Id));
        freed.Add(container.Name);
    }
}
