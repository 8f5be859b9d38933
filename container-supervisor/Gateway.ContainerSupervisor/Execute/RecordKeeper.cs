using Gateway.Core.Reports;
using Gateway.Reconciliation.Plan;
using Gateway.Reconciliation.Updates;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>Holds the record of the applications' updates in memory as it is on disk.</summary>
internal sealed class RecordKeeper(RecordStore store, StepExecutor executor)
{
    private ReconciliationRecord? record;

    /// <summary>The record; read from disk the first time.</summary>
    public Result<ReconciliationRecord> Load()
    {
        if (record is not null)
        {
            return record;
        }

        var loaded = store.Load();
        record = loaded.IsSuccess ? loaded.Value : null;
        return loaded;
    }

    /// <summary>
    /// Saves what must be on disk before the steps are begun. An application whose batch is under way was seen in the
    /// middle of it: what is known of it stays until it is seen at rest.
    /// </summary>
    public async Task<Result<Nothing>> SaveAsync(ReconciliationPlan plan, ReconciliationRecord known, IReadOnlySet<string> underWay, CancellationToken cancellation)
    {
        var next = plan.Record;
        foreach (var application in plan.Applications.Where(application => application.Culprit is not null && !underWay.Contains(application.Name)))
        {
            var lines = await executor.LastLinesAsync(application.Culprit!, cancellation);
            next = lines.Length > 0 ? next.AddToReason(application.Name, lines) : next;
        }

        foreach (var name in underWay)
        {
            next = next with
            {
                Applications = known.Applications.TryGetValue(name, out var before) ? next.Applications.SetItem(name, before) : next.Applications.Remove(name),
            };
        }

        if (ReferenceEquals(next, known))
        {
            return default(Nothing);
        }

        var saved = store.Save(next);
        record = saved.IsSuccess ? next : record;
        return saved;
    }

    /// <summary>The plan with the last log lines in its reasons, which were not known when it was made.</summary>
    public ReconciliationPlan Explain(ReconciliationPlan plan) => plan with
    {
        Applications = [.. plan.Applications.Select(application =>
            application.Culprit is not null && record is not null && record.Applications.TryGetValue(application.Name, out var kept) && !kept.Failed.IsEmpty
                ? application with { Reason = kept.Failed[^1].Reason }
                : application)],
    };
}
