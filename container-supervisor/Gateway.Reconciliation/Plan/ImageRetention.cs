using System.Collections.Immutable;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>Images that we pulled and nothing needs any more. Images we never used are never touched.</summary>
internal static class ImageRetention
{
    public static (ReconciliationRecord Record, ImmutableArray<Step> Steps) Plan(ReconciliationRecord record, World world, List<string> live, ImmutableArray<StepFailure> failures)
    {
        if (record.Garbage.IsEmpty)
        {
            return (record, []);
        }

        var kept = record.Applications.Values.SelectMany(application => application.Images).Concat(live).Select(World.Normal).ToHashSet(StringComparer.Ordinal);
        var used = world.Observed.Containers.Select(container => World.Normal(container.Image)).ToHashSet(StringComparer.Ordinal);
        var ids = world.Observed.Containers.Select(container => container.ImageId).ToHashSet(StringComparer.Ordinal);
        ids.Remove("");
        var usedById = world.Observed.Images.Where(image => ids.Contains(image.Id)).SelectMany(References).Select(World.Normal);
        used.UnionWith(usedById);
        var refused = failures.Select(failure => failure.Step).OfType<RemoveImage>().Select(step => step.Reference).ToHashSet(StringComparer.Ordinal);
        var left = record.Garbage.Where(reference => !kept.Contains(World.Normal(reference)) && world.HasImage(reference) && !refused.Contains(reference)).ToImmutableArray();
        var steps = left.Where(reference => !used.Contains(World.Normal(reference)) && !(World.Digest(reference) is { } id && ids.Contains(id))).Select(reference => (Step)new RemoveImage(0, reference)).ToImmutableArray();
        return (left.SequenceEqual(record.Garbage) ? record : record with { Garbage = left }, steps);
    }

    private static IEnumerable<string> References(ObservedImage image) => image.Tags.Concat(image.Digests);
}
