using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.HostController.Configuration;
using Gateway.HostController.Supervisor;

namespace Gateway.HostController.Failsafe;

/// <summary>Looks at the machine: a few questions to the engine, two to the file system, one to nobody else.</summary>
internal sealed class FactReader(HostPaths paths, TimeProvider clock) : IDisposable
{
    private static readonly DockerClientOptions Impatient = new() { ReadTimeout = TimeSpan.FromSeconds(15) };
    private readonly EngineUnit unit = new(paths, clock);
    private readonly PackageDatabase packages = new(paths);
    private readonly RestartWatch restarts = new(clock);
    private DockerClient? engine;
    private string socket = "";
    private bool isFirst = true;

    /// <summary>One such answer may come from a disk that is slow.</summary>
    private const int MostUnreadable = 2;
    private int unreadable;

    /// <summary>What there is to be seen.</summary>
    public async Task<FailsafeFacts> ReadAsync(HostConfiguration configuration, CancellationToken cancellation)
    {
        var facts = new FailsafeFacts
        {
            DiskIsLow = paths.IsMachine && (DiskSpace.Of(configuration.StateDirectory)?.IsLow == true || DiskSpace.Of("/var/lib/docker")?.IsLow == true),
            PackagesBroken = await packages.IsBrokenAsync(cancellation),
        };
        facts = await WithEngineAsync(facts, configuration, cancellation);
        isFirst = false;
        return facts.PackagesBroken || facts.Engine is EngineFact.Stopped or EngineFact.Hung ? facts with { PackagesBusy = packages.IsBusy() } : facts;
    }

    public void Dispose() => engine?.Dispose();

    private async Task<FailsafeFacts> WithEngineAsync(FailsafeFacts facts, HostConfiguration configuration, CancellationToken cancellation)
    {
        var client = Client(paths.On(configuration.DockerSocket));
        var inspected = await client.Containers.InspectAsync(configuration.Supervisor.Name, cancellation);
        var isUnreadable = !inspected.IsSuccess && inspected.Failure.Kind != FailureKind.NotFound;
        if (isUnreadable && !await IsAboutTheContainerAsync(client, inspected.Failure, cancellation))
        {
            return facts with { Engine = await unit.WhyAsync(cancellation) };
        }

        unit.Answered();
        unreadable = isUnreadable ? unreadable + 1 : 0;
        if (unreadable is > 0 and < MostUnreadable)
        {
            return facts with { Engine = EngineFact.Changing };
        }

        return await WithSupervisorAsync(facts with { Engine = EngineFact.Answers }, configuration, inspected, cancellation);
    }

    /// <summary>An engine that answers other questions need not be restarted, with all that runs.</summary>
    private static async Task<bool> IsAboutTheContainerAsync(DockerClient client, Failure failure, CancellationToken cancellation) =>
        failure.Kind is not (FailureKind.TimedOut or FailureKind.Unavailable) && (await client.PingAsync(cancellation)).IsSuccess;

    private async Task<FailsafeFacts> WithSupervisorAsync(FailsafeFacts facts, HostConfiguration configuration, Result<ContainerDetails> inspected, CancellationToken cancellation)
    {
        var container = inspected.IsSuccess ? inspected.Value : null;
        var isAbsent = !inspected.IsSuccess && inspected.Failure.Kind == FailureKind.NotFound;
        var parts = new SupervisorParts(paths, configuration, clock);
        using var turn = parts.Turn(TimeSpan.Zero);
        if (!(await turn.TakeAsync(cancellation)).IsSuccess)
        {
            return facts with { HandsOff = true };
        }

        // What a newer version has written down is not understood; what needs no record is done all the same.
        var record = parts.Store.Load().TryGet(out var known, out _) ? known : SupervisorRecord.Empty;
        var held = parts.Archive.Held();
        var previous = record.Previous is { } before && record.FailureOf(before.Hash) is not { Final: true } ? before : null;
        return facts with
        {
            Supervisor = container is not null ? Fact(container, record.Current) : isAbsent ? SupervisorFact.Absent : SupervisorFact.Dead,
            // Fetching is given up after a restart of ours only: before, somebody else may be at it.
            UpdateInterrupted = record.IsUnderWay || (isFirst && record.Phase == UpdatePhase.Fetch),
            IsSetAside = isAbsent && await IsThereAsync($"{parts.Name}-previous", cancellation),
            IsCommitted = record.Current is not null,
            HasImage = await HasImageAsync(record.Current, cancellation),
            HasPrevious = await HasImageAsync(previous, cancellation),
            HasArchive = held is not null,
            ArchiveIsCurrent = held is not null && held.ImageId == record.Current?.ImageId,
        };
    }

    private SupervisorFact Fact(ContainerDetails container, SupervisorRelease? committed)
    {
        var state = container.State;
        var isLooping = restarts.See(container.Id, container.RestartCount, state.Restarting);
        return state switch
        {
            { Dead: true } or { Status: "removing" } => SupervisorFact.Dead,
            { Paused: true } => SupervisorFact.Paused,
            _ when isLooping => SupervisorFact.Looping,
            { Restarting: true } => SupervisorFact.Starting,
            { Running: false } => SupervisorFact.Stopped,
            _ when committed is { ImageId.Length: > 0 } && container.Image != committed.ImageId && SupervisorContainer.HashOf(container.Config.Labels) != committed.Hash => SupervisorFact.WrongImage,
            { Health.Status: "unhealthy" } => SupervisorFact.Unhealthy,
            { Health.Status: "starting" } => SupervisorFact.Starting,
            _ => restarts.IsSettled ? SupervisorFact.Well : SupervisorFact.Starting,
        };
    }

    private async Task<bool> HasImageAsync(SupervisorRelease? release, CancellationToken cancellation) =>
        release is { ImageId.Length: > 0 } && (await engine!.Images.InspectAsync(release.ImageId, cancellation)).IsSuccess;

    private async Task<bool> IsThereAsync(string container, CancellationToken cancellation) => (await engine!.Containers.InspectAsync(container, cancellation)).IsSuccess;

    private DockerClient Client(string path)
    {
        if (engine is null || socket != path)
        {
            engine?.Dispose();
            (engine, socket) = (new DockerClient(path, Impatient), path);
        }

        return engine;
    }
}
