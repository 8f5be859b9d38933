using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>Brings an application to a release: a candidate, or the last good one, which is repaired or gone back to.</summary>
internal sealed class ReleasePlanner
{
    private const int FirstMake = 5;

    private readonly Release release;
    private readonly Scope scope;
    private readonly ApplicationRecord record;
    private readonly List<Slot> slots;
    private readonly List<ObservedContainer> outgoing;

    /// <param name="release">Where to.</param>
    /// <param name="scope">What is there.</param>
    /// <param name="record">What is remembered.</param>
    /// <param name="isCommitted">Whether that release is the last good one.</param>
    public ReleasePlanner(Release release, Scope scope, ApplicationRecord record, bool isCommitted)
    {
        this.release = release;
        this.scope = scope;
        this.record = record;
        IsCommitted = isCommitted;
        slots = new Plan.Slots(scope, record, isCommitted).Of(release);
        var chosen = slots.Select(slot => slot.Target?.Id).OfType<string>().ToHashSet(StringComparer.Ordinal);
        outgoing = [.. scope.Mine.Where(container => !chosen.Contains(container.Id))];
    }

    /// <summary>Whether the release is the last good one.</summary>
    public bool IsCommitted { get; }

    public IReadOnlyList<Slot> Slots => slots;

    /// <summary>Containers of ours that are not wanted.</summary>
    public IReadOnlyList<ObservedContainer> Outgoing => outgoing;

    /// <summary>The first container that is known not to be good, with the reason.</summary>
    public (ObservedContainer Container, string Reason)? Culprit =>
        slots.FirstOrDefault(slot => slot.Verdict.Standing == Standing.Bad) is { Target: { } container } slot
            ? (container, slot.Verdict.Reason ?? "it is not good")
            : null;

    /// <summary>Whether everything is there, under its name, and good.</summary>
    public bool IsComplete => slots.All(IsDone);

    /// <summary>Whether everything is good but for services that wait for a device, or for a service that does: these wait by themselves.</summary>
    public bool IsGoodEnough
    {
        get
        {
            var excused = new HashSet<string>(StringComparer.Ordinal);
            foreach (var slot in slots)
            {
                if (slot.IsWaiting || (slot is { Target: not null, Verdict.Standing: Standing.Down or Standing.Restart } or { Target: null, Verdict.Standing: Standing.Resting } && slot.Spec.Service.DependsOn.Any(needed => excused.Contains(needed.Service))))
                {
                    excused.Add(slot.Service);
                }
                else if (!IsDone(slot))
                {
                    return false;
                }
            }

            return true;
        }
    }

    /// <summary>Services that are lost and cannot be made again, as only their containers were known.</summary>
    public IEnumerable<string> Lost => slots.Where(slot => slot.Target is null && release.Undefined.Contains(slot.Service)).Select(slot => slot.Name);

    /// <summary>What must be pulled before anything is made.</summary>
    public ImmutableArray<ImageReference> Pulls => scope.Images.Needed(Wanting.Select(slot => slot.Spec.Service));

    /// <summary>A service whose image is absent and must not be pulled; null when there is none.</summary>
    public Service? Unloaded => scope.Images.Absent(Wanting.Select(slot => slot.Spec.Service)).FirstOrDefault();

    /// <summary>When to look again though nothing happens; null: no need.</summary>
    public DateTimeOffset? LookAt => slots.Where(slot => slot.Verdict.Standing != Standing.Pending && slot.Verdict.Until > scope.Now).Select(slot => (DateTimeOffset?)slot.Verdict.Until).Min();

    private IEnumerable<Slot> Wanting => slots.Where(slot => slot.IsToBeMade);

    public ImmutableArray<Step> Steps()
    {
        var wanting = Wanting.ToList();
        var pulls = Pulls;
        if (!pulls.IsEmpty || Unloaded is not null)
        {
            // What can be started meanwhile is; a download never holds that up.
            var starts = IsCommitted ? new Switch(slots, outgoing, IsCommitted).Steps(scope.Now).Where(step => step is not WaitForContainers) : [];
            return [.. starts, .. pulls.Select(image => new PullImage(Stages.Pull, image))];
        }

        var steps = ImmutableArray.CreateBuilder<Step>();
        steps.AddRange(release.Networks.Where(network => scope.World.Network(network.Name) is null).Select(network => new CreateNetwork(0, network.Name, network.Body)));
        steps.AddRange(release.Volumes.Where(volume => scope.World.Volume(volume.Name) is null).Select(volume => new CreateVolume(0, volume.Name, volume.Body)));
        steps.AddRange(new Room(slots, outgoing, IsGood).Make(name => scope.World.Named(name) is not null));
        steps.AddRange(wanting.Where(slot => IsFree(slot.Name, steps)).Select(slot => new CreateContainer(MakeStage(slot.Service, wanting), slot.Name, slot.Spec)));
        if (steps.Count == 0)
        {
            steps.AddRange(new Switch(slots, outgoing, IsCommitted).Steps(scope.Now));
            if (IsCommitted)
            {
                CleanUp(steps);
                steps.AddRange(scope.Images.AtStart(slots).Select(image => new PullImage(Stages.Pull, image)));
            }
        }

        return [.. steps.OrderBy(step => step.Stage)];
    }

    /// <summary>The engine makes no container that joins a namespace of one that is not there.</summary>
    private static int MakeStage(string service, List<Slot> wanting) =>
        wanting.FirstOrDefault(slot => slot.Service == service) is { } slot
            ? ServiceLinks.Joined(slot.Spec.Service).Select(joined => MakeStage(joined.Service, wanting) + 1).DefaultIfEmpty(FirstMake).Max()
            : FirstMake;

    private bool IsFree(string name, IEnumerable<Step> steps) => scope.World.Named(name) is not { } holder
        || steps.Any(step => (step is RemoveContainer remove && remove.Id == holder.Id) || (step is RenameContainer rename && rename.Id == holder.Id));

    private static bool IsDone(Slot slot) => slot is { Target: not null, IsNamed: true, IsWaiting: false, Verdict.Standing: Standing.Ready };

    private bool IsGood(ObservedContainer container) => record.IsGood(World.Service(container), World.Hash(container));

    /// <summary>After the commit: old containers of services that are up again, and networks that nothing is on.</summary>
    private void CleanUp(ImmutableArray<Step>.Builder steps)
    {
        var waiting = slots.Where(slot => !IsDone(slot) && !(slot.Target is null && release.Undefined.Contains(slot.Service))).Select(slot => slot.Service).ToHashSet(StringComparer.Ordinal);
        var old = outgoing.Where(container => !waiting.Contains(World.Service(container))).ToList();
        foreach (var container in old.Where(Removal.IsUp).Where(container => !steps.OfType<StopContainer>().Any(step => step.Id == container.Id)))
        {
            steps.Add(new StopContainer(0, container.Name, container.Id));
        }

        steps.AddRange(old.Select(container => new RemoveContainer(Stages.Remove, container.Name, container.Id)));
        if (old.Count == outgoing.Count)
        {
            var used = slots.SelectMany(slot => slot.Target?.Networks ?? []).Concat(release.Networks.Select(network => network.Name)).ToHashSet(StringComparer.Ordinal);
            steps.AddRange(scope.World.NetworksOf(scope.Name).Where(network => !used.Contains(network.Name)).Select(network => new RemoveNetwork(Stages.Remove + 1, network.Name, network.Id)));
        }
    }
}
