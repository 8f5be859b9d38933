using System.Collections.Immutable;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>
/// Plans the next batch of steps from what is desired, what is there and what is remembered. Keeps nothing itself:
/// after a crash at any point the same call goes on from what is observed.
/// <para>How to drive it: observe; <see cref="Plan"/>; if <c>plan.Record</c> differs from the one given, save it
/// durably (after adding a culprit's log lines); run each application's steps, stage by stage, applications side by
/// side; on a failed step drop the rest of that application's steps and keep it as a <see cref="StepFailure"/>;
/// observe and plan again, with those failures. When all plans are empty, wait for an event of the engine, a new
/// desired state, or a slow timer; retryable failures call for a growing pause.</para>
/// <para>How an update goes: images are pulled; new containers are made beside the running ones, which are renamed to
/// <c>&lt;name&gt;.previous</c>; service by service the old one stops and the new one starts; when all are good the
/// record commits, and only then the old ones are removed. Until then a failure, written to the record first, leads
/// back: new ones removed, the same old ones renamed and started.</para>
/// </summary>
public static class Planner
{
    /// <summary>The next steps.</summary>
    public static ReconciliationPlan Plan(PlanInput input)
    {
        if (input.Desired is null)
        {
            return new ReconciliationPlan([], [], input.Record);
        }

        var world = new World(input.Observed);
        var plans = ImmutableArray.CreateBuilder<ApplicationPlan>();
        var record = input.Record;
        var live = new List<string>();
        foreach (var application in input.Desired.Applications)
        {
            var (plan, next, garbage) = new ApplicationPlanner(application, world, input).Plan();
            plans.Add(plan);
            record = Put(record, application.Name, next, garbage);
            if (plan.State is not (ApplicationState.Failed or ApplicationState.RolledBack or ApplicationState.Refused))
            {
                live.AddRange(application.Services.Select(service => service.Image.Pull));
            }
        }

        var gone = world.Applications.Concat(record.Applications.Keys).Distinct(StringComparer.Ordinal).Where(name => input.Desired[name] is null).Order(StringComparer.Ordinal);
        foreach (var name in gone.ToList())
        {
            var known = record.Applications.GetValueOrDefault(name);
            var (plan, next) = Removal.Plan(name, world, input, known);
            record = Put(record, name, next, next is null && known is not null ? [.. known.Images, .. known.CandidateImages] : []);
            if (next is not null)
            {
                plans.Add(plan);
            }
        }

        (record, var cleanUp) = ImageRetention.Plan(record, world, live, input.Failures);
        return new ReconciliationPlan(plans.ToImmutable(), cleanUp, record);
    }

    private static ReconciliationRecord Put(ReconciliationRecord record, string name, ApplicationRecord? next, ImmutableArray<string> garbage)
    {
        var old = record.Applications.GetValueOrDefault(name);
        if (ReferenceEquals(old, next) && garbage.IsEmpty)
        {
            return record;
        }

        return new ReconciliationRecord(
            next is null ? record.Applications.Remove(name) : record.Applications.SetItem(name, next),
            [.. record.Garbage.Concat(garbage).Distinct(StringComparer.Ordinal)]);
    }
}
