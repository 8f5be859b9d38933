using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Specs;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>Brings an application to what is desired, or repairs it when it was there already.</summary>
internal sealed class ForwardPlanner
{
    private readonly Application application;
    private readonly World world;
    private readonly PlanInput input;
    private readonly ApplicationRecord record;
    private readonly bool committed;
    private readonly ImmutableArray<ObservedContainer> mine;
    private readonly ImagePolicy images;
    private readonly List<Slot> slots;
    private readonly List<ObservedContainer> outgoing;

    public ForwardPlanner(
        Application application,
        ImmutableArray<ContainerSpec> specs,
        ImmutableArray<ObservedContainer> mine,
        World world,
        PlanInput input,
        ApplicationRecord record,
        bool committed)
    {
        this.application = application;
        this.world = world;
        this.input = input;
        this.record = record;
        this.committed = committed;
        this.mine = mine;
        images = new ImagePolicy(world, input.Pulls, input.Now);
        slots = [.. specs.Select(Slot)];
        var chosen = slots.Select(slot => slot.Target?.Id).OfType<string>().ToHashSet(StringComparer.Ordinal);
        outgoing = [.. mine.Where(container => !chosen.Contains(container.Id))];
    }

    /// <summary>The first container that is known not to be good, with the reason.</summary>
    public (ObservedContainer Container, string Reason)? Culprit =>
        slots.FirstOrDefault(slot => slot.Verdict.Standing == Standing.Bad) is { Target: { } container } slot
            ? (container, slot.Verdict.Reason ?? "it is not good")
            : null;

    /// <summary>Whether everything is there, under its name, and good.</summary>
    public bool IsComplete => slots.All(slot => slot.Target is not null && IsNamed(slot) && slot.Verdict.Standing == Standing.Ready && (slot.Missing is null || Removal.IsUp(slot.Target)));

    public ApplicationPlan Plan()
    {
        var steps = Steps();
        var missing = slots.FirstOrDefault(slot => slot.Missing is not null && (slot.Target is null || !Removal.IsUp(slot.Target)));
        var absent = images.Absent(Wanting).FirstOrDefault();
        var reason = missing is not null ? $"{missing.Spec.Service.Name}: device {missing.Missing} is not there"
            : absent is not null ? $"{absent.Spec.Service.Name}: image {absent.Spec.Service.Image} is not there and is never pulled (pull_policy); load it"
            : steps.IsEmpty && IsComplete ? null
            : slots.Select(slot => slot.Verdict.Reason).OfType<string>().FirstOrDefault() ?? steps.FirstOrDefault()?.Describe();
        return new ApplicationPlan
        {
            Name = application.Name,
            Version = application.Version,
            State = missing is not null || absent is not null ? ApplicationState.Waiting : !committed ? ApplicationState.Updating : IsComplete ? ApplicationState.Running : ApplicationState.Waiting,
            Reason = reason,
            Steps = steps,
            Services = [.. slots.Select(slot => new ServicePlan(slot.Spec.Service.Name, slot.Target ?? Old(slot.Spec), slot.Spec, slot.Verdict.Standing == Standing.Pending ? null : slot.Verdict.Reason))],
        };
    }

    private ImmutableArray<Step> Steps()
    {
        var wanting = Wanting.ToList();
        var pulls = images.Needed(wanting);
        if (!pulls.IsEmpty || images.Absent(wanting).Any())
        {
            // What can be started meanwhile is; a download never holds that up.
            var starts = committed ? Switch.Steps(slots, outgoing, input.Now).Where(step => step is not WaitForContainers) : Revive();
            return [.. starts, .. pulls.Select(image => new PullImage(Stages.Pull, image))];
        }

        var steps = ImmutableArray.CreateBuilder<Step>();
        Shared(steps);
        MakeRoom(steps);
        steps.AddRange(wanting.Select(slot => new CreateContainer(5, slot.Spec.Service.ContainerName, slot.Spec)));
        if (steps.Count > 0)
        {
            return Sorted(steps);
        }

        steps.AddRange(Switch.Steps(slots, outgoing, input.Now));
        if (committed)
        {
            CleanUp(steps);
            steps.AddRange(images.AtStart(slots).Select(image => new PullImage(Stages.Pull, image)));
        }

        return Sorted(steps);
    }

    /// <summary>Services of which a container is to be made.</summary>
    private IEnumerable<Slot> Wanting => slots.Where(slot => slot.Target is null && slot.Missing is null);

    /// <summary>While the update has not begun, last good containers that are down are started.</summary>
    private IEnumerable<Step> Revive() => outgoing
        .Where(container => container.State == ContainerState.Exited && !Adoption.IsPrevious(container))
        .Where(container => record.Committed.Any(service => !service.OneShot && service.Service == World.Service(container) && service.ConfigHash == World.Hash(container)))
        .Where(container => slots.All(slot => slot.Target is null))
        .Select(container => new StartContainer(0, container.Name, container.Id));

    private void Shared(ImmutableArray<Step>.Builder steps)
    {
        var networks = world.Observed.Networks.Select(network => network.Name).ToHashSet(StringComparer.Ordinal);
        var volumes = world.Observed.Volumes.Select(volume => volume.Name).ToHashSet(StringComparer.Ordinal);
        steps.AddRange(application.Networks.Where(network => !network.External && !networks.Contains(network.Name))
            .Select(network => new CreateNetwork(0, network.Name, SharedSpecs.Network(application, network))));
        steps.AddRange(application.Volumes.Where(volume => !volume.External && !volumes.Contains(volume.Name))
            .Select(volume => new CreateVolume(0, volume.Name, SharedSpecs.Volume(application, volume))));
    }

    /// <summary>Frees the names of containers to be made or renamed: what was good is kept under another name, the rest goes.</summary>
    private void MakeRoom(ImmutableArray<Step>.Builder steps)
    {
        foreach (var slot in slots.Where(slot => slot.Missing is null && !IsNamed(slot)))
        {
            var name = slot.Spec.Service.ContainerName;
            var previous = name + Names.PreviousSuffix;
            if (outgoing.FirstOrDefault(container => container.Name == name) is { } occupant)
            {
                if (!IsGood(occupant) || slot.Target?.Name == previous)
                {
                    Discard(steps, occupant);
                }
                else
                {
                    if (outgoing.FirstOrDefault(container => container.Name == previous) is { } older)
                    {
                        Discard(steps, older);
                    }

                    steps.Add(new RenameContainer(3, occupant.Name, occupant.Id, previous));
                }
            }

            if (slot.Target is { } target)
            {
                steps.Add(new RenameContainer(4, target.Name, target.Id, name));
            }
        }
    }

    private static void Discard(ImmutableArray<Step>.Builder steps, ObservedContainer container)
    {
        Removal.Stop(steps, [container], 1);
        steps.Add(new RemoveContainer(2, container.Name, container.Id));
    }

    /// <summary>After the commit: old containers of services that are up again, and networks that nothing is on.</summary>
    private void CleanUp(ImmutableArray<Step>.Builder steps)
    {
        var waiting = slots.Where(slot => slot.Verdict.Standing != Standing.Ready).Select(slot => slot.Spec.Service.Name).ToHashSet(StringComparer.Ordinal);
        var old = outgoing.Where(container => !waiting.Contains(World.Service(container))).ToList();
        foreach (var container in old.Where(Removal.IsUp).Where(container => !steps.OfType<StopContainer>().Any(step => step.Id == container.Id)))
        {
            steps.Add(new StopContainer(0, container.Name, container.Id));
        }

        steps.AddRange(old.Select(container => new RemoveContainer(Stages.Remove, container.Name, container.Id)));
        if (old.Count == outgoing.Count)
        {
            var desired = application.Networks.Select(network => network.Name).ToHashSet(StringComparer.Ordinal);
            steps.AddRange(world.NetworksOf(application.Name).Where(network => !desired.Contains(network.Name)).Select(network => new RemoveNetwork(Stages.Remove + 1, network.Name, network.Id)));
        }
    }

    private Slot Slot(ContainerSpec spec)
    {
        var missing = spec.Service.Devices.FirstOrDefault(device => input.Observed.Devices.GetValueOrDefault(device.Source) is null);
        var target = mine
            .Where(container => World.Service(container) == spec.Service.Name && World.Hash(container) == spec.ConfigHash && Fits(container, spec, missing is not null))
            .OrderByDescending(container => container.Name == spec.Service.ContainerName)
            .ThenByDescending(Removal.IsUp)
            .FirstOrDefault();
        var verdict = target is null ? new Verdict(Standing.Down) : committed ? Verdict.OfKnown(spec, target) : Verdict.OfCandidate(spec, target, input.Now);
        return new Slot(spec, target, verdict, missing?.Source);
    }

    /// <summary>Whether nobody took it off its networks, its devices are still where they were, and its image is the one to be.</summary>
    private bool Fits(ObservedContainer container, ContainerSpec spec, bool deviceIsMissing) =>
        images.IsCurrent(spec.Service, container)
        && (container.Networks.IsEmpty || spec.Networks.All(network => container.Networks.Contains(network)))
        && (spec.Service.Devices.IsEmpty || deviceIsMissing || container.Labels.GetValueOrDefault(GatewayLabels.Devices) == ContainerSpecBuilder.FoundAt(spec.Service, input.Observed.Devices));

    private bool IsGood(ObservedContainer container) =>
        record.Committed.Any(service => service.Service == World.Service(container) && service.ConfigHash == World.Hash(container));

    private ObservedContainer? Old(ContainerSpec spec) => mine.FirstOrDefault(container => World.Service(container) == spec.Service.Name);

    private static bool IsNamed(Slot slot) => slot.Target?.Name == slot.Spec.Service.ContainerName;

    private static ImmutableArray<Step> Sorted(IEnumerable<Step> steps) => [.. steps.OrderBy(step => step.Stage)];
}
