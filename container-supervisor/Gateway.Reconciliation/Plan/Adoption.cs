using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Specs;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>When the record is lost, the containers tell: one kept as previous was the last good of its service.</summary>
internal static class Adoption
{
    public static ApplicationRecord Of(ImmutableArray<ObservedContainer> mine, ImmutableArray<ContainerSpec> specs)
    {
        if (mine.IsEmpty)
        {
            return ApplicationRecord.Empty;
        }

        var kept = mine
            .Where(container => container.State != ContainerState.Created)
            .GroupBy(World.Service, StringComparer.Ordinal)
            .Select(group => group.OrderByDescending(IsPrevious).First())
            .Select(container => new CommittedService(World.Service(container), World.Hash(container), Name(container, specs), container.Image, IsOneShot(container, specs)));
        var committed = kept.OrderBy(service => Order(service, specs)).ThenBy(service => service.Service, StringComparer.Ordinal).ToImmutableArray();
        return ApplicationRecord.Empty with { Committed = committed, Images = [.. committed.Select(service => service.Image).Distinct(StringComparer.Ordinal)] };
    }

    public static bool IsPrevious(ObservedContainer container) => container.Name.EndsWith(Names.PreviousSuffix, StringComparison.Ordinal);

    /// <summary>What its service is called now; else what it bears, which somebody may have changed.</summary>
    private static string Name(ObservedContainer container, ImmutableArray<ContainerSpec> specs) =>
        specs.FirstOrDefault(spec => spec.Service.Name == World.Service(container))?.Service.ContainerName ?? BaseName(container);

    private static string BaseName(ObservedContainer container) => IsPrevious(container) ? container.Name[..^Names.PreviousSuffix.Length] : container.Name;

    private static bool IsOneShot(ObservedContainer container, ImmutableArray<ContainerSpec> specs) =>
        specs.FirstOrDefault(spec => spec.Service.Name == World.Service(container))?.OneShot ?? false;

    private static int Order(CommittedService service, ImmutableArray<ContainerSpec> specs)
    {
        for (var i = 0; i < specs.Length; i++)
        {
            if (specs[i].Service.Name == service.Service)
            {
                return i;
            }
        }

        return int.MaxValue;
    }
}
