using System.Collections.Immutable;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Specs;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>Brings back, or keeps, the last good release: the same containers, and new ones only for what somebody took away.</summary>
internal static class BackwardPlanner
{
    /// <summary>The plan, and the record to save.</summary>
    /// <param name="scope">What is there.</param>
    /// <param name="record">What is remembered.</param>
    /// <param name="state">What the status says of the application.</param>
    /// <param name="reason">Why it is not what is desired.</param>
    /// <param name="desired">What is desired, for the status; may be empty.</param>
    public static (ApplicationPlan Plan, ApplicationRecord Record) Plan(Scope scope, ApplicationRecord record, ApplicationState state, string? reason, ImmutableArray<ContainerSpec> desired)
    {
        var way = new ReleasePlanner(Release.LastGood(record, scope.Input.Observed.Devices), scope, record, isCommitted: true);
        var steps = way.Steps();
        var lost = string.Join(", ", way.Lost);
        var plan = new ApplicationPlan
        {
            Name = scope.Name,
            State = state,
            Reason = lost.Length == 0 ? reason : $"{reason}; of the last good release {lost} is gone",
            LookAt = way.LookAt,
            Steps = steps,
            Services = [.. Services(way, desired, scope.Mine)],
        };
        return (plan, Patience.Note(record, way, steps, scope.Now));
    }

    private static IEnumerable<ServicePlan> Services(ReleasePlanner way, ImmutableArray<ContainerSpec> desired, ImmutableArray<ObservedContainer> mine)
    {
        foreach (var slot in way.Slots)
        {
            yield return slot.Shown(mine, desired.FirstOrDefault(spec => spec.Service.Name == slot.Service));
        }

        foreach (var spec in desired.Where(spec => way.Slots.All(slot => slot.Service != spec.Service.Name)))
        {
            yield return new ServicePlan(spec.Service.Name, mine.FirstOrDefault(container => World.Service(container) == spec.Service.Name), spec, null);
        }
    }
}
