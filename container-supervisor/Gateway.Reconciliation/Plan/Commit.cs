using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Specs;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>Makes a release the last good one, and ends what was begun.</summary>
internal static class Commit
{
    /// <summary>The record with this release committed; saved, it is the commit. Cleaning up comes after it.</summary>
    public static ApplicationRecord Committing(this ApplicationRecord record, Application application, Release release, HostFolders folders) =>
        (record with { Candidate = null, Attempts = 0, Trials = record.Trials.Clear() }).Holding(application, release, folders);

    /// <summary>Notes that all has come to rest, committed or back, when no step is left that changes a container; downloads change none.</summary>
    public static ApplicationRecord Resting(this ApplicationRecord record, ImmutableArray<Step> steps) =>
        record.Begun is not null && steps.All(step => step is PullImage) ? record with { Begun = null } : record;

    /// <summary>A record of an older version, or one that was put together from containers, learns what they are made from.</summary>
    public static ApplicationRecord Defined(this ApplicationRecord record, Application application, Release release, HostFolders folders)
    {
        if (record.Committed.Any(service => service.Definition is not null))
        {
            return record;
        }

        var holding = record.Holding(application, release, folders);
        return holding.Committed.Any(service => service.Definition is not null) ? holding : record;
    }

    private static ApplicationRecord Holding(this ApplicationRecord record, Application application, Release release, HostFolders folders) => record with
    {
        Committed = release.Kept(application, folders),
        Networks = Kept(release.Networks),
        Volumes = Kept(release.Volumes),
    };

    private static ImmutableArray<CommittedThing> Kept(ImmutableArray<SharedThing> things) => [.. things.Select(thing => new CommittedThing(thing.Name, thing.Body.ToJsonString()))];
}
