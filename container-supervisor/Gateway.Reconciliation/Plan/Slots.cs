using System.Text.Json.Nodes;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Specs;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>Finds the container of each service of a release and judges it.</summary>
/// <param name="scope">What is there.</param>
/// <param name="record">What is remembered.</param>
/// <param name="isKnown">Whether the release was found good before.</param>
internal sealed class Slots(Scope scope, ApplicationRecord record, bool isKnown)
{
    private readonly Dictionary<string, Slot> found = new(StringComparer.Ordinal);

    public List<Slot> Of(Release release)
    {
        var slots = release.Specs.Select(spec => Find(spec, release)).ToList();
        for (var i = 0; i < slots.Count; i++)
        {
            if (StaleAfter(slots[i], slots) is { } first)
            {
                slots[i] = slots[i] with { Verdict = new Verdict(Standing.Restart, default, $"{slots[i].Service} restarts after {first}") };
            }
        }

        return slots;
    }

    /// <summary>Those whose namespaces a service lives in come first: which container it can be depends on which these are.</summary>
    private Slot Find(ContainerSpec spec, Release release)
    {
        if (!found.TryGetValue(spec.Service.Name, out var slot))
        {
            var joined = ServiceLinks.Joined(spec.Service)
                .Select(link => release.Specs.FirstOrDefault(other => other.Service.Name == link.Service))
                .OfType<ContainerSpec>()
                .Select(other => Find(other, release))
                .ToList();
            slot = found[spec.Service.Name] = Slot(spec, joined, release.Undefined.Contains(spec.Service.Name));
        }

        return slot;
    }

    private Slot Slot(ContainerSpec spec, List<Slot> joined, bool isUndefined)
    {
        var missing = spec.Service.Devices.FirstOrDefault(device => scope.Input.Observed.Devices.GetValueOrDefault(device.Source) is null);
        ObservedContainer? target = null;
        foreach (var container in scope.Mine)
        {
            if (World.Service(container) == spec.Service.Name && World.Hash(container) == spec.ConfigHash && Fits(container, spec, missing is not null)
                && IsIn(container, joined)
                && (target is null || Rank(container, spec) > Rank(target, spec)))
            {
                target = container;
            }
        }

        return new Slot(spec, target, target is null ? OfNone(spec, joined, isUndefined) : Judge(spec, target), missing?.Source);
    }

    /// <summary>
    /// Whether a container is in the namespaces of those services' containers. Of most the engine keeps the id they had when it was made, so it
    /// does not follow when one is replaced, nor on the way back. While another is neither there nor to be made, it may stay as it is.
    /// </summary>
    private static bool IsIn(ObservedContainer container, List<Slot> joined) =>
        joined.Count == 0 || container.Joined.IsEmpty
        || (joined.All(static other => !other.IsToBeMade)
            && container.Joined.All(whom => joined.Any(other => other.Target is not { } first || first.Id == whom || other.Name == whom)));

    private Verdict Judge(ContainerSpec spec, ObservedContainer target) =>
        isKnown ? Verdict.OfKnown(spec, target, record.Trials.GetValueOrDefault(spec.Service.Name), scope.Now) : Verdict.OfCandidate(spec, target, scope.Now);

    /// <summary>There is none: it is made, unless nobody knows from what, or making it went wrong just now.</summary>
    private Verdict OfNone(ContainerSpec spec, List<Slot> joined, bool isUndefined)
    {
        if (joined.FirstOrDefault(other => other.Target is null && !other.IsToBeMade) is { } absent)
        {
            return new Verdict(Standing.Resting, absent.Verdict.Until, $"{spec.Service.Name} needs {absent.Service}, which is not there");
        }

        var trial = isKnown ? record.Trials.GetValueOrDefault(spec.Service.Name) : null;
        return isUndefined ? new Verdict(Standing.Resting, default, $"{spec.Service.Name} is gone, and what it was made from is not known")
            : trial is not null && scope.Now < trial.NotBefore ? new Verdict(Standing.Resting, trial.NotBefore, $"{spec.Service.Name} is made again soon")
            : new Verdict(Standing.Down);
    }

    private static int Rank(ObservedContainer container, ContainerSpec spec) => (container.Name == spec.Service.ContainerName ? 2 : 0) + (Removal.IsUp(container) ? 1 : 0);

    /// <summary>Whether nobody took it off its networks or gave it other limits, and its devices are still where they were.</summary>
    private bool Fits(ObservedContainer container, ContainerSpec spec, bool deviceIsMissing) =>
        container.State != ContainerState.Dead
        && scope.Images.IsCurrent(spec.Service, container)
        && spec.Networks.All(network => container.Networks.Contains(network))
        && (spec.Service.Devices.IsEmpty || deviceIsMissing || container.Labels.GetValueOrDefault(GatewayLabels.Devices) == ContainerSpecBuilder.FoundAt(spec.Service, scope.Input.Observed.Devices))
        && (container.Settings is not { } settings || spec.Body["HostConfig"] is not JsonObject wanted || !settings.DifferFrom(wanted)
            || (record.Trials.GetValueOrDefault(spec.Service.Name) is { } trial && scope.Now < trial.NotBefore));

    /// <summary>
    /// The service it must restart after, or null. Told from times alone, so that a crash in between changes nothing. A
    /// clock that was set back makes no circle: what lies in the future does not count.
    /// </summary>
    private string? StaleAfter(Slot slot, List<Slot> slots)
    {
        if (slot.Target is not { State: ContainerState.Running, Started: { } started })
        {
            return null;
        }

        foreach (var tie in Tie.Of(slot.Spec.Service))
        {
            var first = slots.FirstOrDefault(other => other.Service == tie.Service);
            if (first is not null && first.Service != slot.Service && Renewed(first, tie) is { } renewed && started < renewed && renewed <= scope.Now)
            {
                return first.Service;
            }
        }

        return null;
    }

    /// <summary>When the first of a tie became another, as far as the second must know: made anew, or started again by us.</summary>
    private DateTimeOffset? Renewed(Slot first, Tie tie)
    {
        if (first.Target is not { State: ContainerState.Running, Started: { } started } container)
        {
            return null;
        }

        var made = container.Created <= started ? container.Created : DateTimeOffset.MinValue;
        var helped = record.Trials.GetValueOrDefault(first.Service)?.At ?? DateTimeOffset.MinValue;
        return tie.SharesNamespace ? started : made > helped ? made : helped;
    }
}
