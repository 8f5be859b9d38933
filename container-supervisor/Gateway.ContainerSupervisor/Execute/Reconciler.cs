using System.Collections.Immutable;
using System.Diagnostics;
using Gateway.ContainerSupervisor.Observe;
using Gateway.ContainerSupervisor.Running;
using Gateway.Core.Mqtt;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;
using Gateway.Reconciliation.Policy;
using Gateway.Reconciliation.Specs;
using Gateway.Reconciliation.Updates;
using Serilog;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>
/// Observe, plan, save, execute, and again. Each application's steps run by themselves: while one waits for a download
/// or a stop, the others are planned and run; only one batch of an application is under way at a time.
/// </summary>
internal sealed class Reconciler : IDisposable
{
    /// <summary>Events come in bursts; a batch that ended and another desired state are looked at without this pause.</summary>
    private static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(30);
    private static readonly TimeSpan GatherBusy = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestGather = TimeSpan.FromSeconds(2);

    /// <summary>How often absent devices are looked for: no event of the engine tells of them.</summary>
    private static readonly TimeSpan DeviceBeat = TimeSpan.FromSeconds(2);

    private readonly EngineObserver observer;
    private readonly ApplicationRunner runner;
    private readonly LocalPolicy policy;
    private readonly ILogger log;
    private readonly RecordKeeper records;
    private readonly Batches batches;
    private readonly string run = Guid.NewGuid().ToString("N");
    private readonly BackOff blindness = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    private ImmutableArray<StepFailure> failures = [];
    private DesiredState? lastDesired;
    private Task<BatchOutcome>? cleaning;
    private DateTimeOffset cleanAgain;
    private TimeSpan took;
    private long rounds;

    public Reconciler(EngineObserver observer, ApplicationRunner runner, StepExecutor executor, RecordStore store, LocalPolicy policy, ILogger log)
    {
        this.observer = observer;
        this.runner = runner;
        this.policy = policy;
        this.log = log;
        records = new RecordKeeper(store, executor);
        batches = new Batches(runner, Wake.RaiseAtOnce, log);
    }

    /// <summary>To be raised when something has happened that may call for action.</summary>
    public Signal Wake { get; } = new();

    /// <summary>What shall run now.</summary>
    public required Func<DesiredState?> Desired { get; init; }

    /// <summary>Whether changes may begin at a time; asked at the beginning of each round.</summary>
    public Func<DateTimeOffset, UpdateGate> Gate { get; init; } = static _ => UpdateGate.Open;

    /// <summary>How many images of each service are kept.</summary>
    public int ImageRetention { get; init; } = 2;

    /// <summary>Where containers are given files and the local interface from.</summary>
    public HostFolders Folders { get; init; } = HostFolders.Default;

    /// <summary>Told after each round.</summary>
    public Action<Snapshot>? OnRound { get; init; }

    /// <summary>What pulls the images that plans ask for.</summary>
    public required Puller Puller { get; init; }

    /// <summary>Longest time between two looks at the engine when nothing happens: events tell, this is the net below them.</summary>
    public TimeSpan Poll { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>Rounds begun so far: what is told of a later round takes everything into account that was so before.</summary>
    public long Rounds => Interlocked.Read(ref rounds);

    /// <summary>What was seen last.</summary>
    public Snapshot Last { get; private set; } = Snapshot.None;

    /// <summary>Whether a batch is under way or has ended since the last round.</summary>
    public bool IsBusy => batches.UnderWay.Count > 0;

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
                await GatherAsync(cancellation);
            }
        }
        finally
        {
            await batches.EndAsync();
        }
    }

    /// <summary>One look, one plan, and its batches begun; how long nothing needs to be done unless something happens.</summary>
    public async Task<TimeSpan> RoundAsync(CancellationToken cancellation)
    {
        var clock = Stopwatch.GetTimestamp();
        var round = Interlocked.Increment(ref rounds);
        var gate = Gate(DateTimeOffset.UtcNow);
        var calls = observer.Calls;
        failures = failures.AddRange(batches.Collect());
        var desired = Desired();
        var observed = await observer.ObserveAsync(desired, batches.UnderWay, cancellation);
        if (!observed.TryGet(out var seen, out var wrong) || !records.Load().TryGet(out var known, out wrong))
        {
            Tell(Last with { Failure = wrong[0] });
            return blindness.Next();
        }

        blindness.Reset();
        Note(desired);
        calls = observer.Calls - calls;
        var now = DateTimeOffset.UtcNow;
        var plan = Planner.Plan(new PlanInput(desired, seen, known, policy, now) { Failures = failures, Run = run, Gate = gate, Folders = Folders, Pulls = Puller.Ended, ImageRetention = ImageRetention });
        failures = [];
        var saved = await records.SaveAsync(plan, known, batches.UnderWay, cancellation);
        took = Stopwatch.GetElapsedTime(clock);
        log.Debug("Round: {Calls} calls to the engine, {Milliseconds:0.0} ms", calls, took.TotalMilliseconds);
        Tell(new Snapshot(desired, seen, Explained(plan, gate), saved.IsSuccess ? null : saved.Failure) { Round = round, Gate = gate, Changing = Changing(plan.Record, known) });
        if (!saved.IsSuccess)
        {
            return blindness.Next();
        }

        foreach (var application in plan.Applications.Where(application => !application.Steps.IsEmpty))
        {
            runner.Restore(application);
            batches.Begin(application, seen, now, cancellation);
        }

        Clean(plan, seen, now, cancellation);
        return Pause(now, gate, plan);
    }

    /// <summary>A pull has ended: the list of images is another one, whether or not the engine's event has come yet.</summary>
    public void PullEnded()
    {
        observer.Forget("image", "");
        Wake.RaiseAtOnce();
    }

    /// <summary>Lets a burst of events gather, and never spends more than half of the time on looking.</summary>
    public Task GatherAsync(CancellationToken cancellation)
    {
        var least = batches.AnyRunning ? GatherBusy : Gather;
        var pause = took > least ? took : least;
        return Wake.GatherAsync(pause < LongestGather ? pause : LongestGather, cancellation);
    }

    public void Dispose() => Wake.Dispose();

    private void Note(DesiredState? desired)
    {
        if (!ReferenceEquals(desired, lastDesired))
        {
            lastDesired = desired;
            batches.Hurry();
            Puller.Hurry();
        }
    }

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

    /// <summary>A batch under way may have begun what does not show at the engine yet: what was known before counts as well.</summary>
    private static ImmutableArray<string> Changing(params ReconciliationRecord[] records) =>
        [.. records.SelectMany(static record => record.Applications).Where(static application => application.Value.Begun is not null).Select(static application => application.Key).Distinct(StringComparer.Ordinal)];

    /// <summary>The plan as people read it: with log lines, and with how far a download is.</summary>
    private ReconciliationPlan Explained(ReconciliationPlan plan, UpdateGate gate)
    {
        var explained = records.Explain(plan);
        return explained with
        {
            Applications = [.. explained.Applications.Select(application =>
                application.Steps.OfType<PullImage>().Select(step => Puller.Progress(step.Image)).OfType<string>().FirstOrDefault() is { } progress
                    && (application.State != ApplicationState.Waiting || application.Reason != gate.Reason)
                    ? application with { Reason = progress }
                    : application)],
        };
    }

    private TimeSpan Pause(DateTimeOffset now, UpdateGate gate, ReconciliationPlan plan)
    {
        var looks = plan.Applications.Select(static application => application.LookAt).Append(gate.Until).Append(plan.CleanUp.IsEmpty ? null : cleanAgain).OfType<DateTimeOffset>();
        var next = batches.NextLook(now, looks.Where(look => look > now).Append(now + Poll).Min());
        return Puller.NextRetry() is { } soon && soon < next - now ? soon + Gather : next - now;
    }

    private async Task WaitAsync(TimeSpan pause, Action alive, CancellationToken cancellation)
    {
        while (pause > TimeSpan.Zero)
        {
            var beat = Last.Observed is { } seen && seen.Devices.ContainsValue(null) ? DeviceBeat : Heartbeat.Beat;
            var part = pause < beat ? pause : beat;
            if (await Wake.WaitAsync(part, cancellation) || (beat == DeviceBeat && DevicesChanged()))
            {
                return;
            }

            alive();
            pause -= part;
        }
    }

    private bool DevicesChanged() =>
        EngineObserver.Devices(lastDesired).Any(device => !Last.Observed!.Devices.TryGetValue(device.Key, out var before) || before != device.Value);

    private void Tell(Snapshot snapshot)
    {
        Last = snapshot;
        OnRound?.Invoke(snapshot);
    }
}
