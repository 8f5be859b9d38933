using System.Collections.Immutable;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Specs;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>Brings back, or keeps, the last good containers: the same ones, never new ones.</summary>
/// <param name="name">The application.</param>
/// <param name="version">What the operator calls the desired version, or null.</param>
/// <param name="specs">What is desired, for the status; may be empty.</param>
/// <param name="mine">The application's containers.</param>
/// <param name="record">What is remembered.</param>
internal sealed class BackwardPlanner(
    string name, string? version, ImmutableArray<ContainerSpec> specs, ImmutableArray<ObservedContainer> mine, ApplicationRecord record)
{
    public ApplicationPlan Plan(ApplicationState state, string reason)
    {
        var good = record.Committed.Select(service => (Service: service, Container: Find(service))).ToList();
        var kept = good.Select(pair => pair.Container?.Id).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var outgoing = mine.Where(container => !kept.Contains(container.Id)).ToList();
        var steps = ImmutableArray.CreateBuilder<Step>();
        Removal.Stop(steps, outgoing, 0);
        steps.AddRange(outgoing.Select(container => new RemoveContainer(1, container.Name, container.Id)));
        var stage = 3;
        foreach (var (service, container) in good.Where(pair => pair.Container is not null))
        {
            if (container!.Name != service.Container)
            {
                steps.Add(new RenameContainer(2, container.Name, container.Id, service.Container));
            }
        }

        foreach (var (service, container) in good.Where(pair => pair.Container is { } c && !Removal.IsUp(c) && !(pair.Service.OneShot && c.State != ContainerState.Created)))
        {
            steps.Add(new StartContainer(stage++, service.Container, container!.Id));
        }

        var lost = good.Where(pair => pair.Container is null).Select(pair => pair.Service.Container).ToList();
        return new ApplicationPlan
        {
            Name = name,
            Version = version,
            State = state,
            Reason = lost.Count == 0 ? reason : $"{reason}; of the last good release {string.Join(", ", lost)} is gone",
            Steps = steps.ToImmutable(),
            Services = Services(good),
        };
    }

    private ImmutableArray<ServicePlan> Services(List<(CommittedService Service, ObservedContainer? Container)> good)
    {
        var names = good.Select(pair => pair.Service.Service).Concat(specs.Select(spec => spec.Service.Name)).Distinct(StringComparer.Ordinal);
        return
        [
            .. names.Select(service => new ServicePlan(
                service,
                good.FirstOrDefault(pair => pair.Service.Service == service).Container ?? mine.FirstOrDefault(container => World.Service(container) == service),
                specs.FirstOrDefault(spec => spec.Service.Name == service),
                null)),
        ];
    }

    private ObservedContainer? Find(CommittedService service) => mine
        .Where(container => World.Service(container) == service.Service && World.Hash(container) == service.ConfigHash)
        .OrderByDescending(Removal.IsUp)
        .ThenByDescending(container => container.Name == service.Container)
        .FirstOrDefault();
}
