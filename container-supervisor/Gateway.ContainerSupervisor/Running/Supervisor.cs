using Gateway.ContainerSupervisor.Configuration;
using Gateway.ContainerSupervisor.Execute;
using Gateway.ContainerSupervisor.LocalApi;
using Gateway.ContainerSupervisor.Logging;
using Gateway.ContainerSupervisor.Observe;
using Gateway.ContainerSupervisor.Receive;
using Gateway.ContainerSupervisor.Report;
using Gateway.ContainerSupervisor.When;
using Gateway.Core.Engine;
using Gateway.Core.Processes;
using Gateway.Core.Reports;
using Serilog;

namespace Gateway.ContainerSupervisor.Running;

/// <summary>The parts of the supervisor, put together. Each runs as a loop of its own.</summary>
internal sealed class Supervisor : IAsyncDisposable
{
    /// <summary>Every ten minutes: what a power cut takes of the time that was counted is no more than that, and what is written seldom.</summary>
    private const int BeatsToCount = 40;

    private readonly SupervisorConfiguration configuration;
    private readonly ILogger log;
    private readonly TimeProvider clock = TimeProvider.System;
    private readonly CancellationTokenSource ending = new();
    private readonly DockerClient docker;
    private readonly EngineObserver observer;
    private readonly EventWatcher events;
    private readonly Puller puller;
    private readonly Reconciler reconciler;
    private readonly DocumentGate gate;
    private readonly DesiredSources sources;
    private readonly ErrorBook errors;
    private readonly Heartbeat heartbeat;
    private readonly StatusKeeper keeper;
    private readonly StatusReporter reporter;
    private readonly Topics topics;
    private readonly Inbox inbox;
    private readonly Membership membership;
    private readonly LogRelay logs;
    private readonly UpdateLocks locks;
    private readonly ChangeTimes changeTimes;
    private readonly ServiceReports reports = new();
    private readonly RoundWatch rounds;
    private readonly ApiSockets sockets;
    private BrokerLink? broker;

    public Supervisor(SupervisorConfiguration configuration, ILogger log)
    {
        this.configuration = configuration;
        this.log = log;
        errors = new ErrorBook(clock);
        heartbeat = new Heartbeat(configuration.RunDirectory, configuration.DockerSocket, TimeSpan.FromSeconds(100));
        membership = new Membership(configuration.Identity, configuration.StateDirectory);
        docker = new DockerClient(configuration.DockerSocket);
        observer = new EngineObserver(docker);
        puller = new Puller(ImageFetch.Of(docker, configuration, log), log, ending.Token);
        locks = new UpdateLocks(new LockStore(configuration.StateDirectory), clock, log);
        changeTimes = new ChangeTimes(configuration.Windows);
        var executor = new StepExecutor(docker, new InlineFiles(configuration.Folders.Files, docker, log), log) { OnChange = observer.Forget };
        gate = new DocumentGate(configuration, membership, clock, log);
        sources = new DesiredSources(membership, gate, new DesiredStore(configuration.StateDirectory), log) { OnChange = SourcesChanged };
        reconciler = new Reconciler(observer, new ApplicationRunner(executor, puller), executor, new RecordStore(configuration.StateDirectory), configuration.Policy, log)
        {
            Desired = () => sources.Merged,
            Gate = now => changeTimes.Gate(locks.Held, now),
            Folders = configuration.Folders,
            ImageRetention = configuration.ImageRetention,
            OnRound = RoundEnded,
            Puller = puller,
        };
        puller.OnEnd = reconciler.PullEnded;
        puller.OnProgress = reconciler.Wake.Raise;
        locks.OnChange = SourcesChanged;
        events = new EventWatcher(docker, observer, reconciler.Wake, log);
        keeper = new StatusKeeper(configuration, sources, errors, clock, log)
        {
            Identity = () => membership.Identity,
            Seen = () => reconciler.Last,
            EngineVersion = () => events.EngineVersion,
            Locks = locks,
            Reports = reports,
        };
        reporter = new StatusReporter(keeper.Compose, PublishAsync, StatusKeeper.FileOf(configuration), configuration.StatusInterval, log);
        reports.OnChange = reporter.ChangedLater;
        rounds = new RoundWatch(() => reconciler.Rounds, reconciler.Wake.RaiseAtOnce);
        var routes = new ApiRoutes(configuration.Identity.Id, new LockDesk(locks) { NextRound = rounds.NextAsync }, locks, reports, clock)
        {
            Seen = () => reconciler.Last,
            LongestLock = configuration.LongestLock,
        };
        sockets = new ApiSockets(configuration.RunDirectory, routes, reports, errors, log) { Seen = () => reconciler.Last };
        topics = new Topics(membership, configuration.Mqtt ?? new MqttSettings("", 0));
        logs = new LogRelay(docker, configuration.Policy.Logs, log) { Publish = PublishLinesAsync };
        var groups = new GroupCommands(membership, sources) { Subscribe = group => broker?.Subscribe(topics.Of(group)), Unsubscribe = group => broker?.Unsubscribe(topics.Of(group)) };
        var desk = new CommandDesk(groups, new ServiceRestart(docker, () => sources.Merged), logs, new RebootRequest(configuration.RunDirectory, clock)) { SendStatus = reporter.Ask };
        inbox = new Inbox(topics, sources, new CommandHandler(gate, desk, errors, log) { Reply = ReplyAsync, OnRefusal = reporter.Changed }, membership);
        TellProblems();
    }

    /// <summary>Runs until cancelled.</summary>
    public async Task<Result<Nothing>> RunAsync(CancellationToken cancellation)
    {
        if (configuration.Mqtt is { } settings)
        {
            if (!BrokerLink.Options(configuration.Identity.Id, settings).TryGet(out var options, out var wrong))
            {
                return wrong;
            }

            broker = new BrokerLink(options, topics, errors, log) { OnConnected = reporter.Ask, OnChange = reporter.Changed };
        }

        await sources.LoadAsync(cancellation);
        var loops = new List<Task>
        {
            Keep("reconciler", (alive, token) => reconciler.RunAsync(alive, token), cancellation),
            Keep("reporter", (alive, token) => reporter.RunAsync(alive, token), cancellation),
            Keep("local interface", sockets.RunAsync, cancellation),
            Keep("second looks", inbox.LookAgainAsync, cancellation),
            Keep("events", events.RunAsync, cancellation),
            Loops.KeepAsync("heartbeat", BeatAsync, log, cancellation),
        };
        if (broker is not null)
        {
            loops.Add(Keep("broker", (alive, token) => broker.RunAsync(inbox.HandleAsync, alive, token), cancellation));
        }

        if (configuration.DesiredStateFile is { } file)
        {
            loops.Add(Keep("local file", (alive, token) => new LocalFile(file, inbox, sources, log).RunAsync(alive, token), cancellation));
        }

        await Task.WhenAll(loops);
        return default(Nothing);
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await logs.DisposeAsync();
        if (broker is not null)
        {
            await broker.DisposeAsync();
        }

        await sockets.DisposeAsync();
        reporter.Dispose();
        reconciler.Dispose();
        inbox.Dispose();
        docker.Dispose();
        puller.Dispose();
        ending.Dispose();
    }

    private Task Keep(string name, Func<Action, CancellationToken, Task> body, CancellationToken cancellation) =>
        Loops.KeepAsync(name, token => body(() => heartbeat.Alive(name), token), log, cancellation);

    private async Task BeatAsync(CancellationToken cancellation)
    {
        var memory = new MemoryKeeper(failure => log.Debug("{Failure}", failure.ToString()));
        var beats = 0L;
        while (true)
        {
            memory.Look();
            if (++beats % BeatsToCount == 1)
            {
                gate.CountTime();
            }

            if (heartbeat.Write() is { } problem)
            {
                log.Warning("{Problem}", problem);
            }

            foreach (var loop in heartbeat.Hanging(Environment.TickCount64))
            {
                log.Error("{Loop} has given no sign of life for long; `health` fails so that the container is restarted", loop);
            }

            await Task.Delay(Heartbeat.Beat, cancellation);
        }
    }

    private void SourcesChanged()
    {
        reconciler.Wake.RaiseAtOnce();
        reporter.Changed();
    }

    private void RoundEnded(Snapshot seen)
    {
        keeper.Note(seen);
        rounds.Note(seen);
        sockets.Changed();
        reporter.Changed();
    }

    private Task<Result<Nothing>> PublishAsync(ReadOnlyMemory<byte> status, CancellationToken cancellation) =>
        broker?.PublishStatusAsync(status, cancellation) ?? Task.FromResult<Result<Nothing>>(default(Nothing));

    /// <summary>What could not be read from the state directory; it stays in the status until the next start.</summary>
    private void TellProblems()
    {
        if (membership.Notice is { } notice)
        {
            log.Information("{Notice}", notice);
        }

        var problems = gate.Warnings.Select(static warning => ("release marks", warning))
            .Concat(locks.Problem is { } locked ? [("locks", locked)] : [])
            .Concat(membership.Problem is { } grouped ? [("groups", grouped)] : []);
        foreach (var (subject, problem) in problems)
        {
            log.Warning("{Problem}", problem);
            errors.Note(subject, problem);
        }
    }

    private async Task<bool> PublishLinesAsync(string application, string service, ReadOnlyMemory<byte> lines, CancellationToken cancellation) =>
        broker is not null && (await broker.PublishLogAsync(application, service, lines, cancellation)).IsSuccess;

    private async Task ReplyAsync(string command, ReadOnlyMemory<byte> reply, CancellationToken cancellation)
    {
        if (broker is not null)
        {
            await broker.ReplyAsync(command, reply, cancellation);
        }
    }
}
