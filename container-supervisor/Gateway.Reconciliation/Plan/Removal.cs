using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>Takes away an application that is no longer desired: containers, then networks. Named volumes stay.</summary>
internal static class Removal
{
    /// <summary>The plan and the record to save; no record: nothing of it is left.</summary>
    public static (ApplicationPlan Plan, ApplicationRecord? Record) Plan(string application, World world, PlanInput input, ApplicationRecord? known)
    {
        var scope = Scope.Of(application, world, input);
        if (!input.Gate.IsOpen && input.Desired!.Urgency != Urgency.Critical && known?.Begun != ApplicationRecord.Removal && !scope.Mine.IsEmpty)
        {
            var (kept, next) = BackwardPlanner.Plan(scope, known ?? Adoption.Of(scope.Mine, []), ApplicationState.Waiting, $"to be removed; {input.Gate.Reason}", []);
            return (kept with { Until = input.Gate.Until, LookAt = input.Gate.Until }, next.Resting(kept.Steps));
        }

        var plan = Remove(application, world, scope.Mine);
        return (plan, plan.Steps.IsEmpty ? null : known is { Begun: ApplicationRecord.Removal } ? known : (known ?? ApplicationRecord.Empty) with { Begun = ApplicationRecord.Removal });
    }

    private static ApplicationPlan Remove(string application, World world, ImmutableArray<ObservedContainer> containers)
    {
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
