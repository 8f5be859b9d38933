using System.Collections.Immutable;
using Gateway.Reconciliation.Observed;

namespace Gateway.Reconciliation.Plan;

/// <summary>Takes away an application that is no longer desired: containers, then networks. Named volumes stay.</summary>
internal static class Removal
{
    public static ApplicationPlan Plan(string application, World world)
    {
        var containers = world.Of(application);
        var steps = ImmutableArray.CreateBuilder<Step>();
        Stop(steps, containers, 0);
        steps.AddRange(containers.Select(container => new RemoveContainer(1, container.Name, container.Id)));
        steps.AddRange(world.NetworksOf(application).Select(network => new RemoveNetwork(2, network.Name, network.Id)));
        return new ApplicationPlan
        {
            Name = application,
            State = ApplicationState.Stopped,
            Reason = "no longer desired",
            Steps = steps.ToImmutable(),
            Services = [.. containers.GroupBy(World.Service, StringComparer.Ordinal).Select(group => new ServicePlan(group.Key, group.First(), null, null))],
        };
    }

    public static void Stop(ImmutableArray<Step>.Builder steps, IEnumerable<ObservedContainer> containers, int stage) =>
        steps.AddRange(containers.Where(IsUp).Select(container => new StopContainer(stage, container.Name, container.Id)));

    public static bool IsUp(ObservedContainer container) =>
        container.State is ContainerState.Running or ContainerState.Restarting or ContainerState.Paused;
}
