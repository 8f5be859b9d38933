using Gateway.ContainerSupervisor.Observe;
using Gateway.ContainerSupervisor.Running;
using Gateway.Core.Mqtt;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;
using Gateway.Reconciliation.Policy;
using Gateway.Reconciliation.Updates;
using Serilog;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>
/// Observe, plan, save, execute, and again. Each application's steps run by themselves: while one waits for a download
/// or a stop, the others are planned and run; only one batch of an application is under way at a time.
/// </summary>
internal sealed class Reconciler(
    EngineObserver observer, ApplicationRunner runner, StepExecutor executor, RecordStore store, LocalPolicy policy, ILogger log) : IDisposable
{
    private static readonly TimeSpan Coalesce = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan CoalesceBusy = TimeSpan.FromMilliseconds(200);

    private readonly Dictionary<string, Batch> batches = new(StringComparer.Ordinal);
    private readonly List<StepFailure> failures = [];
    private readonly string run = Guid.NewGuid().ToString("N");
    private readonly BackOff blindness = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    private ReconciliationRecord? record;
    private DesiredState? lastDesired;
    private Task<BatchOutcome>? cleaning;
    private DateTimeOffset cleanAgain;

    /// <summary>To be raised when something has happened that may call for action.</summary>
    public Signal Wake { get; } = new();

    /// <summary>What shall run now.</summary>
    public required Func<DesiredState?> Desired { get; init; }

    /// <summary>Told after each round.</summary>
    public Action<Snapshot>? OnRound { get; init; }

    /// <summary>Told when a pull that failed may be tried again.</summary>
    public Func<TimeSpan?> NextPull { get; init; } = () => null;

    /// <summary>Told when the desired state is another one.</summary>
    public Action? OnOtherDesired { get; init; }

    /// <summary>Longest time between two looks at the engine when nothing happens.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>What was seen last.</summary>
    public Snapshot Last { get; private set; } = Snapshot.None;

    /// <summary>Goes on until cancelled, then waits for the batches under way to stop.</summary>
    public async Task RunAsync(Action alive, CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                alive();
                var pause = await RoundAsync(cancellation);
                await WaitAsync(pause, alive, cancellation);
                await Task.Delay(batches.Values.Any(static batch => batch.Running) ? CoalesceBusy : Coalesce, cancellation);
            }
        }
        finally
        {
            await Task.WhenAll(batches.Values.Select(batch => batch.Work).OfType<Task>()).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        }
    }

    /// <summary>One look, one plan, and its batches begun; how long nothing needs to be done unless something happens.</summary>
    public async Task<TimeSpan> RoundAsync(CancellationToken cancellation)
    {
        Collect();
        var desired = Desired();
        var observed = await observer.ObserveAsync(desired, cancellation);
        if (!observed.TryGet(out var seen, out var wrong) || !LoadRecord().TryGet(out var known, out wrong))
        {
            Tell(Last with { Failure = wrong[0] });
            return blindness.Next();
        }

        blindness.Reset();
        Note(desired);
        var now = DateTimeOffset.UtcNow;
        var plan = Planner.Plan(new PlanInput(desired, seen, known, policy, now) { Failures = [.. failures], Run = run });
        failures.Clear();
        var saved = await SaveAsync(plan, known, cancellation);
        Tell(new Snapshot(desired, seen, Explained(plan), saved.IsSuccess ? null : saved.Failure));
        if (!saved.IsSuccess)
        {
            return blindness.Next();
        }

        foreach (var application in plan.Applications.Where(application => !application.Steps.IsEmpty))
        {
            Begin(application, seen, now, cancellation);
        }

        Clean(plan, seen, now, cancellation);
        return Pause(now);
    }

    /// <summary>Whether a batch is under way or has ended since the last round.</summary>
    public bool IsBusy => batches.Values.Any(static batch => batch.Work is not null);

    public void Dispose() => Wake.Dispose();

    private void Begin(ApplicationPlan application, ObservedState seen, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!batches.TryGetValue(application.Name, out var batch))
        {
            batches[application.Name] = batch = new Batch();
        }

        if (batch.Work is not null || now < batch.NotBefore)
        {
            return;
        }

        // A batch that only waits would end at once, wake this loop, and so keep it spinning for as long as it waits.
        batch.LookAt = runner.WaitsUntil(application.Steps);
        if (batch.LookAt is not null)
        {
            return;
        }

        batch.Work = Task.Run(() => runner.RunAsync(application.Name, application.Steps, seen, cancellation), CancellationToken.None);
        _ = batch.Work.ContinueWith(_ => Wake.Raise(), CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    /// <summary>Takes in what the batches that ended came to.</summary>
    private void Collect()
    {
        foreach (var (name, batch) in batches)
        {
            if (batch.Work is not { IsCompleted: true } work)
            {
                continue;
            }

            batch.Work = null;
            if (work.IsCanceled)
            {
                continue;
            }

            if (work.IsFaulted)
            {
                log.Error(work.Exception, "The steps of application {Application} died", name);
                batch.NotBefore = DateTimeOffset.UtcNow + batch.Pauses.Next();
                continue;
            }

            Collect(batch, work.Result);
        }
    }

    private void Collect(Batch batch, BatchOutcome outcome)
    {
        batch.LookAt = outcome.WaitUntil;
        if (outcome.Failures.IsEmpty)
        {
            batch.Pauses.Reset();
            return;
        }

        foreach (var failure in outcome.Failures)
        {
            log.Warning("{Application}: could not {Step}: {Reason}", failure.Application, failure.Step.Describe(), failure.Failure.Message);
        }

        failures.AddRange(outcome.Failures);
        if (outcome.Failures.Any(static failure => failure.Failure.Retryable && failure.Step is not PullImage))
        {
            batch.NotBefore = DateTimeOffset.UtcNow + batch.Pauses.Next();
        }
    }

    private Result<ReconciliationRecord> LoadRecord()
    {
        if (record is not null)
        {
            return record;
        }

        var loaded = store.Load();
        record = loaded.IsSuccess ? loaded.Value : null;
        return loaded;
    }

    private void Note(DesiredState? desired)
    {
        if (ReferenceEquals(desired, lastDesired))
        {
            return;
        }

        lastDesired = desired;
        OnOtherDesired?.Invoke();
        foreach (var batch in batches.Values)
        {
            batch.NotBefore = default;
            batch.Pauses.Reset();
        }
    }

    /// <summary>
    /// Saves what must be on disk before the steps are begun. An application whose batch is under way was seen in the
    /// middle of it: what is known of it stays until it is seen at rest.
    /// </summary>
    private async Task<Result<Nothing>> SaveAsync(ReconciliationPlan plan, ReconciliationRecord known, CancellationToken cancellation)
    {
        var next = plan.Record;
        foreach (var application in plan.Applications.Where(application => application.Culprit is not null && !IsRunning(application.Name)))
        {
            var lines = await executor.LastLinesAsync(application.Culprit!, cancellation);
            next = lines.Length > 0 ? next.AddToReason(application.Name, lines) : next;
        }

        foreach (var name in batches.Keys.Where(IsRunning))
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
    private ReconciliationPlan Explained(ReconciliationPlan plan) => plan with
    {
        Applications = [.. plan.Applications.Select(application =>
            application.Culprit is not null && record is not null && record.Applications.TryGetValue(application.Name, out var kept) && !kept.Failed.IsEmpty
                ? application with { Reason = kept.Failed[^1].Reason }
                : application)],
    };

    private bool IsRunning(string application) => batches.TryGetValue(application, out var batch) && batch.Work is not null;

    private void Clean(ReconciliationPlan plan, ObservedState seen, DateTimeOffset now, CancellationToken cancellation)
    {
        if (plan.CleanUp.IsEmpty || now < cleanAgain || cleaning is { IsCompleted: false })
        {
            return;
        }

        // What is in use is left, and asked for again in the next plan: not every second, though.
        cleanAgain = now + TimeSpan.FromMinutes(1);
        cleaning = Task.Run(() => runner.RunAsync("images", plan.CleanUp, seen, cancellation), CancellationToken.None);
    }

    private TimeSpan Pause(DateTimeOffset now)
    {
        var next = now + Poll;
        foreach (var batch in batches.Values)
        {
            next = batch.LookAt is { } look && look > now && look < next ? look : next;
            next = batch.NotBefore > now && batch.NotBefore < next ? batch.NotBefore : next;
        }

        var pull = NextPull();
        return pull is { } soon && soon < next - now ? soon + Coalesce : next - now;
    }

    private async Task WaitAsync(TimeSpan pause, Action alive, CancellationToken cancellation)
    {
        while (pause > TimeSpan.Zero)
        {
            var part = pause < Heartbeat.Beat ? pause : Heartbeat.Beat;
            if (await Wake.WaitAsync(part, cancellation))
            {
                return;
            }

            alive();
            pause -= part;
        }
    }

    private void Tell(Snapshot snapshot)
    {
        Last = snapshot;
        OnRound?.Invoke(snapshot);
    }

    /// <summary>The steps of one application under way.</summary>
    private sealed class Batch
    {
        public Task<BatchOutcome>? Work { get; set; }

        public bool Running => Work is { IsCompleted: false };

        /// <summary>After a failure that may pass by itself: not before this.</summary>
        public DateTimeOffset NotBefore { get; set; }

        /// <summary>The batch ended in waiting: look again then, if nothing happens before.</summary>
        public DateTimeOffset? LookAt { get; set; }

        public BackOff Pauses { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5));
    }
}
