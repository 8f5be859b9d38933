using System.Collections.Immutable;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Plan;

/// <summary>Services so that each comes after those it depends on; by name where that leaves a choice.</summary>
internal static class StartOrder
{
    public static ImmutableArray<ContainerSpec> Of(IEnumerable<ContainerSpec> specs)
    {
        var left = specs.OrderBy(spec => spec.Service.Name, StringComparer.Ordinal).ToList();
        var ordered = ImmutableArray.CreateBuilder<ContainerSpec>(left.Count);
        while (left.Count > 0)
        {
            // The parser refuses circles; should one come from elsewhere, the first by name breaks it.
            var next = left.FirstOrDefault(spec => spec.Service.DependsOn.All(needed => left.All(other => other.Service.Name != needed.Service))) ?? left[0];
            left.Remove(next);
            ordered.Add(next);
        }

        return ordered.ToImmutable();
    }
}
