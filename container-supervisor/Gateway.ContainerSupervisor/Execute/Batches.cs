using System.Collections.Immutable;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;
using Serilog;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>
/// The batches of all applications: one of each at a time, each at its own pace. A batch that failed for a passing
/// reason is not begun again before a pause that grows.
/// </summary>
internal sealed class Batches(ApplicationRunner runner, Action ended, ILogger log)
{
    private readonly Dictionary<string, Batch> all = new(StringComparer.Ordinal);

    /// <summary>Whether one is running now.</summary>
    public bool AnyRunning => all.Values.Any(static batch => batch.IsRunning);

    /// <summary>Applications whose batch is under way, or ended and was not collected yet: what is seen of them is not at rest.</summary>
    public IReadOnlySet<string> UnderWay => all.Where(static batch => batch.Value.Work is not null).Select(static batch => batch.Key).ToHashSet(StringComparer.Ordinal);

    /// <summary>Begins a batch, unless one is under way, the last one failed a moment ago, or there is nothing to do but wait.</summary>
    public void Begin(ApplicationPlan application, ObservedState seen, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!all.TryGetValue(application.Name, out var batch))
        {
            all[application.Name] = batch = new Batch();
        }

        if (batch.Work is not null || batch.MustPause(application.Steps, now))
        {
            return;
        }

        // A batch that only waits would end at once, wake the loop, and so keep it spinning for as long as it waits.
        batch.LookAt = runner.WaitsUntil(application.Steps);
        if (batch.LookAt is not null)
        {
            return;
        }

        batch.Work = Task.Run(() => runner.RunAsync(application.Name, application.Steps, seen, cancellation), CancellationToken.None);
        _ = batch.Work.ContinueWith(_ => ended(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>Takes in what the batches that ended came to: the steps that failed.</summary>
    public ImmutableArray<StepFailure> Collect()
    {
        var failures = ImmutableArray.CreateBuilder<StepFailure>();
        foreach (var (name, batch) in all)
        {
            if (batch.Work is not { IsCompleted: true } work)
            {
                continue;
            }

            batch.Work = null;
            if (work.IsFaulted)
            {
                log.Error(work.Exception, "The steps of application {Application} died", name);
                _ = batch.Judge([]);
                batch.NotBefore = DateTimeOffset.UtcNow + batch.Pauses.Next();
            }
            else if (!work.IsCanceled)
            {
                failures.AddRange(Collect(batch, work.Result));
            }
        }

        return failures.ToImmutable();
    }

    /// <summary>Something else is desired: nothing waits for a pause any more.</summary>
    public void Hurry()
    {
        foreach (var batch in all.Values)
        {
            batch.Forget();
        }
    }

    /// <summary>When to look again at the latest for a batch's sake, if that is sooner.</summary>
    public DateTimeOffset NextLook(DateTimeOffset now, DateTimeOffset latest)
    {
        foreach (var batch in all.Values)
        {
            latest = batch.LookAt is { } look && look > now && look < latest ? look : latest;
            latest = batch.NotBefore > now && batch.NotBefore < latest ? batch.NotBefore : latest;
        }

        return latest;
    }

    /// <summary>Waits until none runs.</summary>
    public Task EndAsync() =>
        Task.WhenAll(all.Values.Select(static batch => batch.Work).OfType<Task>()).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);

    private ImmutableArray<StepFailure> Collect(Batch batch, BatchOutcome outcome)
    {
        batch.LookAt = outcome.WaitUntil;
        if (outcome.Failures.IsEmpty)
        {
            batch.Forget();
            return [];
        }

        foreach (var failure in outcome.Failures)
        {
            log.Warning("{Application}: could not {Step}: {Reason}", failure.Application, failure.Step.Describe(), failure.Failure.Message);
        }

        if (outcome.Failures.Any(static failure => failure.Step is not PullImage))
        {
            batch.NotBefore = DateTimeOffset.UtcNow + batch.Pauses.Next();
        }

        return batch.Judge(outcome.Failures);
    }
}
