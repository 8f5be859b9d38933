using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;

namespace Gateway.Reconciliation.Plan;

/// <summary>Services so that each comes after those it depends on; by name where that leaves a choice.</summary>
internal static class StartOrder
{
    public static ImmutableArray<Service> Of(IEnumerable<Service> services)
    {
        var left = services.OrderBy(service => service.Name, StringComparer.Ordinal).ToList();
        var ordered = ImmutableArray.CreateBuilder<Service>(left.Count);
        while (left.Count > 0)
        {
            // The parser refuses circles; should one come from elsewhere, the first by name breaks it.
            var next = left.FirstOrDefault(service => service.DependsOn.All(needed => left.All(other => other.Name != needed.Service))) ?? left[0];
            left.Remove(next);
            ordered.Add(next);
        }

        return ordered.ToImmutable();
    }
}
