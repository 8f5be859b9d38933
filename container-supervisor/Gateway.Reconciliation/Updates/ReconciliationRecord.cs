using System.Collections.Immutable;

namespace Gateway.Reconciliation.Updates;

/// <summary>What must survive a restart besides the containers themselves; one file (see <see cref="RecordJson"/>).</summary>
/// <param name="Applications">By application name.</param>
/// <param name="Garbage">References of images that nothing of ours needs any more.</param>
public sealed record ReconciliationRecord(ImmutableSortedDictionary<string, ApplicationRecord> Applications, ImmutableArray<string> Garbage)
{
    public const int Schema = 1;

    /// <summary>A gateway that has never run anything.</summary>
    public static ReconciliationRecord Empty { get; } = new(ImmutableSortedDictionary.Create<string, ApplicationRecord>(StringComparer.Ordinal), []);

    /// <summary>Adds text (last log lines) to the reason of an application's newest failure; bounded.</summary>
    public ReconciliationRecord AddToReason(string application, string text) =>
        Applications.TryGetValue(application, out var record) && !record.Failed.IsEmpty
            ? this with { Applications = Applications.SetItem(application, record.AddToReason(text)) }
            : this;
}
