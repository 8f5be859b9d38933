using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Serilog;

namespace Gateway.HostController.Supervisor;

/// <summary>What every piece of work on the supervisor is given.</summary>
internal sealed record WorkTools(TimeProvider Clock, ILogger Log, string Name)
{
    /// <summary>Log-ins to registries; null for none.</summary>
    public Gateway.Core.Registry.CredentialsFile? Logins { get; init; }
}

/// <summary>One piece of work on the supervisor: connected to the engine, and in turn with others.</summary>
internal sealed class SupervisorWork(
    DockerClient engine, SupervisorActions actions, SupervisorStore store, SupervisorTurn turn, Func<SupervisorRecord, Task<UpdateEvent?>> perform, WorkTools tools) : IDisposable
{
    public SupervisorEngine Containers { get; } = new(engine, tools.Name);

    /// <summary>The record, once nobody else is at work, and nothing that was interrupted is left to be done.</summary>
    public async Task<Result<SupervisorRecord>> ReadyAsync(CancellationToken cancellation)
    {
        if (!(await turn.TakeAsync(cancellation)).TryGet(out _, out var failures) || !store.Load().TryGet(out var record, out failures))
        {
            return failures;
        }

        if (record.Phase == UpdatePhase.Idle)
        {
            return record;
        }

        tools.Log.Warning("supervisor {Name}: the update to {Image} was interrupted on {Phase}; going on", tools.Name, record.Candidate?.Image, record.Phase);
        var driven = await Driver().DriveAsync(record, new UpdateEvent.Resumed(BootId.Current));
        return driven.TryGet(out record, out failures) && !record.IsUnderWay ? record
            : driven.IsSuccess ? new Failure(Phase.Apply, tools.Name, $"an interrupted update cannot go on from {record!.Phase} yet", Retryable: true)
            : failures;
    }

    /// <summary>An update, from its beginning. While the image is fetched, which may take hours, others have their turn.</summary>
    public Task<Result<SupervisorRecord>> DriveAsync(SupervisorRecord record, UpdateEvent.Begin begin) => Driver().DriveAsync(record, begin);

    /// <summary>The release in place is the right one: it is made to run, and to be well.</summary>
    public async Task<Result<string>> RepairAsync(SupervisorRecord record, ObservedContainer? there, TimeSpan healthTimeout, CancellationToken cancellation)
    {
        if (there is { Running: true, Health: not "unhealthy" } && there.Hash == record.Current!.Hash)
        {
            return $"supervisor {tools.Name} is as wanted";
        }

        var repaired = there is null || there.Hash != record.Current!.Hash
            ? await MakeAnewAsync(record.Current!, cancellation)
            : (await (there.Running ? Containers.RestartAsync(there.Id) : Containers.StartAsync(there.Id))).Then<string>(_ => there.Id);
        if (!repaired.TryGet(out var id, out var failures))
        {
            return failures;
        }

        var watched = await new SupervisorWatch(Containers, tools.Clock).WatchAsync(id, healthTimeout, TimeSpan.Zero, cancellation);
        return watched is UpdateEvent.Broke broke
            ? new Failure(Phase.Apply, tools.Name, $"the supervisor was restarted, but {broke.Reason}")
            : $"supervisor {tools.Name} was restarted";
    }

    public void Dispose()
    {
        turn.Dispose();
        engine.Dispose();
    }

    private async Task<Result<string>> MakeAnewAsync(SupervisorRelease release, CancellationToken cancellation)
    {
        var fetched = await new SupervisorImage(engine, tools.Name) { Logins = tools.Logins }.FetchAsync(release.Image, _ => { }, cancellation);
        var here = fetched.IsSuccess || (await engine.Images.InspectAsync(release.ImageId, cancellation)).IsSuccess;
        if (!here)
        {
            return fetched.Failures;
        }

        if (!(await actions.MakeAsync(fetched.IsSuccess ? release with { ImageId = fetched.Value.Id } : release, tools.Name, cancellation)).TryGet(out var id, out var failures))
        {
            return failures;
        }

        return (await Containers.StartAsync(id)).Then<string>(_ => id);
    }

    private bool IsStill(SupervisorRecord fetching) =>
        store.Load().TryGet(out var now, out _) && (now.Phase, now.Candidate, now.Current) == (fetching.Phase, fetching.Candidate, fetching.Current);

    private SupervisorDriver Driver() => new(store.Save, PerformInTurnAsync, tools.Clock, tools.Log);

    private async Task<UpdateEvent?> PerformInTurnAsync(SupervisorRecord record)
    {
        if (record.Phase == UpdatePhase.Fetch)
        {
            turn.Dispose();
            var fetched = await perform(record);
            // Others had their turn meanwhile: what they wrote is not written over.
            return (await turn.TakeAsync(CancellationToken.None)).IsSuccess && IsStill(record) ? fetched : null;
        }

        return (await turn.TakeAsync(CancellationToken.None)).TryGet(out _, out var failures) ? await perform(record) : new UpdateEvent.Broke(failures[0].Message, true);
    }
}
