using System.Collections.Immutable;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>Which images of an application are kept: of each service the last few it was committed with.</summary>
internal static class ImageHistory
{
    /// <summary>
    /// The record with the release's images in front, and those no longer kept. The image of a service that is gone
    /// stays until the next commit, so that going back needs no download.
    /// </summary>
    /// <param name="record">What is remembered, before the release is committed.</param>
    /// <param name="release">The release.</param>
    /// <param name="retention">How many images of a service are kept, at least 1.</param>
    public static (ApplicationRecord Record, ImmutableArray<string> Dropped) Commit(ApplicationRecord record, Release release, int retention)
    {
        var history = record.History.Clear();
        foreach (var spec in release.Specs)
        {
            var older = record.History.GetValueOrDefault(spec.Service.Name)
                is { IsDefault: false } known ? known : [.. record.Committed.Where(service => service.Service == spec.Service.Name).Select(service => service.Image)];
            history = history.SetItem(spec.Service.Name, [.. older.Prepend(spec.Service.Image.Pull).Distinct(StringComparer.Ordinal).Take(Math.Max(1, retention))]);
        }

        var gone = record.Committed.Where(service => !history.ContainsKey(service.Service)).Select(service => service.Image);
        var images = history.Values.SelectMany(kept => kept).Concat(gone).Distinct(StringComparer.Ordinal).ToImmutableArray();
        var dropped = record.Images.Concat(record.CandidateImages).Except(images, StringComparer.Ordinal).ToImmutableArray();
        return (record with { History = history, Images = images, CandidateImages = [] }, dropped);
    }

    /// <summary>The record after the count was made smaller; the same object mostly.</summary>
    public static (ApplicationRecord Record, ImmutableArray<string> Dropped) Trim(ApplicationRecord record, int retention)
    {
        var most = Math.Max(1, retention);
        if (record.History.Values.All(images => images.Length <= most))
        {
            return (record, []);
        }

        var history = record.History.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value.Length <= most ? pair.Value : pair.Value[..most], StringComparer.Ordinal);
        var dropped = record.History.Values.SelectMany(images => images).Except(history.Values.SelectMany(images => images), StringComparer.Ordinal).ToImmutableArray();
        return (record with { History = history, Images = [.. record.Images.Except(dropped, StringComparer.Ordinal)] }, dropped);
    }
}
