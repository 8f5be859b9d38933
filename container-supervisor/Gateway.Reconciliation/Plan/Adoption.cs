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
            .OrderBy(container => Order(container, specs))
            .ThenBy(World.Service, StringComparer.Ordinal);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var committed = kept
            .Select(container => new CommittedService(World.Service(container), World.Hash(container), NamesOf(container, specs).First(names.Add), container.Image, IsOneShot(container, specs)))
            .ToImmutableArray();
        return ApplicationRecord.Empty with { Committed = committed, Images = [.. committed.Select(service => service.Image).Distinct(StringComparer.Ordinal)] };
    }

    public static bool IsPrevious(ObservedContainer container) => container.Name.EndsWith(Names.PreviousSuffix, StringComparison.Ordinal);

    /// <summary>What its service is called now; else what it bears, unless somebody gave it another's name.</summary>
    private static IEnumerable<string> NamesOf(ObservedContainer container, ImmutableArray<ContainerSpec> specs) =>
    [
        specs.FirstOrDefault(spec => spec.Service.Name == World.Service(container))?.Service.ContainerName ?? BaseName(container),
        $"{container.Labels[GatewayLabels.Application]}-{World.Service(container)}",
        container.Id,
    ];

    private static string BaseName(ObservedContainer container) => IsPrevious(container) ? container.Name[..^Names.PreviousSuffix.Length] : container.Name;

    private static bool IsOneShot(ObservedContainer container, ImmutableArray<ContainerSpec> specs) =>
        specs.FirstOrDefault(spec => spec.Service.Name == World.Service(container))?.OneShot ?? false;

    private static int Order(ObservedContainer container, ImmutableArray<ContainerSpec> specs)
    {
        for (var i = 0; i < specs.Length; i++)
        {
            if (specs[i].Service.Name == World.Service(container))
            {
                return i;
            }
        }

        return int.MaxValue;
    }
}
