using Gateway.ContainerSupervisor.Configuration;
using Gateway.ContainerSupervisor.Execute;
using Gateway.ContainerSupervisor.LocalApi;
using Gateway.ContainerSupervisor.Observe;
using Gateway.ContainerSupervisor.Receive;
using Gateway.ContainerSupervisor.Report;
using Gateway.ContainerSupervisor.When;
using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Specs;
using Serilog;

namespace Gateway.ContainerSupervisor.Running;

/// <summary>The parts of the supervisor, put together. Each runs as a loop of its own.</summary>
internal sealed class Supervisor : IAsyncDisposable
{
    private readonly SupervisorConfiguration configuration;
    private readonly ILogger log;
    private readonly TimeProvider clock = TimeProvider.System;
    private readonly CancellationTokenSource ending = new();
    private readonly DockerClient docker;
    private readonly EngineObserver observer;
    private readonly EventWatcher events;
    private readonly Puller puller;
    private readonly Reconciler reconciler;
    private readonly DesiredSources sources;
    private readonly ErrorBook errors;
    private readonly Heartbeat heartbeat;
    private readonly StatusKeeper keeper;
    private readonly StatusReporter reporter;
    private readonly Topics topics;
    private readonly Inbox inbox;
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
        docker = new DockerClient(configuration.DockerSocket);
        observer = new EngineObserver(docker);
        puller = new Puller(ImageFetch.Of(docker, configuration, log), log, ending.Token);
        locks = new UpdateLocks(new LockStore(configuration.StateDirectory), clock, log);
        changeTimes = new ChangeTimes(configuration.Windows);
        var executor = new StepExecutor(docker, new InlineFiles(configuration.Folders.Files, docker, log), log) { OnChange = observer.Forget };
        var gate = new DocumentGate(configuration, clock, log);
        sources = new DesiredSources(configuration, gate, new DesiredStore(configuration.StateDirectory), log) { OnChange = SourcesChanged };
        reconciler = new Reconciler(observer, new ApplicationRunner(executor, puller), executor, new RecordStore(configuration.StateDirectory), configuration.Policy, log)
        {
            Desired = () => sources.Merged,
            Gate = now => changeTimes.Gate(locks.Held, now),
            Folders = configuration.Folders,
            OnRound = RoundEnded,
            Puller = puller,
        };
        puller.OnEnd = reconciler.PullEnded;
        puller.OnProgress = reconciler.Wake.Raise;
        locks.OnChange = SourcesChanged;
        if (locks.Problem is { } problem)
        {
            log.Error("{Problem}", problem);
            errors.Note("locks", problem);
        }

        events = new EventWatcher(docker, observer, reconciler.Wake, log);
        keeper = new StatusKeeper(configuration, sources, errors, clock, log)
        {
            Identity = () => configuration.Identity,
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
        topics = new Topics(configuration.Identity, configuration.Mqtt ?? new MqttSettings("", 0));
        var commands = new CommandHandler(gate, errors, log) { SendStatus = reporter.Ask, Restart = RestartAsync, Reply = ReplyAsync };
        inbox = new Inbox(topics, sources, commands);
        foreach (var warning in gate.Warnings)
        {
            log.Warning("{Warning}", warning);
            errors.Note("release marks", warning);
        }
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
            Loops.KeepAsync("events", events.RunAsync, log, cancellation),
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
        while (true)
        {
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

    private async Task ReplyAsync(string command, ReadOnlyMemory<byte> reply, CancellationToken cancellation)
    {
        if (broker is not null && await broker.ReplyAsync(command, reply, cancellation) is { IsSuccess: false } failed)
        {
            log.Warning("The reply to command {Id} could not be sent: {Reason}", command, failed.Failure.ToString());
        }
    }

    private async Task<Result<int>> RestartAsync(RestartCommand command, CancellationToken cancellation)
    {
        var label = $"{GatewayLabels.Application}={command.Application}";
        var listed = await docker.Containers.ListAsync(command.Service is { } service ? [label, $"{GatewayLabels.Service}={service}"] : [label], all: false, cancellation);
        if (!listed.TryGet(out var containers, out var wrong))
        {
            return wrong;
        }

        if (containers.IsEmpty)
        {
            return new Failure(Phase.Apply, command.Service is null ? command.Application : $"{command.Application}/{command.Service}", "no such container runs");
        }

        var results = await Task.WhenAll(containers.Select(container => docker.Containers.RestartAsync(container.Id, cancel: cancellation)));
        var failed = results.SelectMany(result => result.Failures).ToList();
        return failed.Count > 0 ? failed[0] : containers.Length;
    }
}
