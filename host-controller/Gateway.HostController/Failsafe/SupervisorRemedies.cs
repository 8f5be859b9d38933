using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.HostController.Configuration;
using Gateway.HostController.Supervisor;
using Serilog;

namespace Gateway.HostController.Failsafe;

/// <summary>What the failsafe does to the supervisor, in its turn and never while somebody exchanges containers.</summary>
internal sealed class SupervisorRemedies(HostPaths paths, HostConfiguration configuration, TimeProvider clock, ILogger log)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);
    private readonly SupervisorParts parts = new(paths, configuration, clock);

    /// <summary>Does it; what else there is to be said.</summary>
    public Task<Result<string>> ApplyAsync(Prescription prescription, CancellationToken cancellation) => prescription.Remedy switch
    {
        Remedy.ResumeUpdate => Updater().ResumeAsync(cancellation),
        Remedy.GoBack => Updater().GoBackAsync($"{prescription.Symptom}, and restarting it did not help", line => log.Information("{Line}", line), cancellation),
        _ => InTurnAsync(prescription.Remedy, cancellation),
    };

    private async Task<Result<string>> InTurnAsync(Remedy remedy, CancellationToken cancellation)
    {
        using var turn = parts.Turn(LongestWait);
        if (!(await turn.TakeAsync(cancellation)).TryGet(out _, out var failures))
        {
            return failures;
        }

        var loaded = parts.Store.Load();
        if (loaded is { IsSuccess: true, Value.IsUnderWay: true })
        {
            return new Failure(Phase.Apply, parts.Name, "an update has begun meanwhile");
        }

        parts.MakeFolders();
        using var engine = parts.Connect();
        var containers = new SupervisorEngine(engine, parts.Name);
        return remedy switch
        {
            // These need no record: they are done even where a newer version's is not understood.
            Remedy.StartSupervisor => await OfThereAsync(containers, id => containers.StartAsync(id), cancellation),
            Remedy.RestartSupervisor => await OfThereAsync(containers, id => containers.RestartAsync(id), cancellation),
            Remedy.UnpauseSupervisor => await OfThereAsync(containers, id => engine.Containers.UnpauseAsync(id, cancellation), cancellation),
            Remedy.BringBack => await BringBackAsync(containers, cancellation),
            _ => loaded.TryGet(out var record, out failures) ? await ByRecordAsync(remedy, engine, containers, record, cancellation) : failures,
        };
    }

    private async Task<Result<string>> ByRecordAsync(Remedy remedy, DockerClient engine, SupervisorEngine containers, SupervisorRecord record, CancellationToken cancellation) =>
        remedy switch
        {
            Remedy.RecreateSupervisor => await RecreateAsync(engine, containers, record.Current!, cancellation),
            Remedy.KeepArchive => Said(await parts.Archive.KeepAsync(engine, record.Current!, cancellation)),
            Remedy.LoadArchive => (await LoadAsync(engine, record, cancellation)).Then<string>(loaded => loaded.Current!.ImageId),
            Remedy.RestoreSupervisor => (await LoadAsync(engine, record, cancellation)).TryGet(out var restored, out var failures)
                ? await RecreateAsync(engine, containers, restored.Current!, cancellation)
                : failures,
            _ => throw new ArgumentOutOfRangeException(nameof(remedy), remedy, null),
        };

    private async Task<Result<string>> OfThereAsync(SupervisorEngine containers, Func<string, Task<Result<Nothing>>> action, CancellationToken cancellation)
    {
        if (!(await containers.LookAsync(parts.Name, cancellation)).TryGet(out var there, out var failures))
        {
            return failures;
        }

        return there is null ? new Failure(Phase.Apply, parts.Name, "has gone meanwhile") : Said(await action(there.Id));
    }

    private async Task<Result<string>> BringBackAsync(SupervisorEngine containers, CancellationToken cancellation)
    {
        if (!(await containers.LookAsync(containers.PreviousName, cancellation)).TryGet(out var aside, out var failures))
        {
            return failures;
        }

        if (aside is null)
        {
            return new Failure(Phase.Apply, containers.PreviousName, "has gone meanwhile");
        }

        var renamed = await containers.RenameAsync(aside.Id, parts.Name, cancellation);
        return renamed.IsSuccess ? Said(await containers.StartAsync(aside.Id)) : renamed.Failures;
    }

    private async Task<Result<string>> RecreateAsync(DockerClient engine, SupervisorEngine containers, SupervisorRelease release, CancellationToken cancellation)
    {
        var made = await parts.Actions(engine).MakeAsync(release, parts.Name, cancellation);
        return made.TryGet(out var id, out var failures) ? Said(await containers.StartAsync(id)) : failures;
    }

    /// <summary>The archive holds what was committed when it was made: the current release, the one before, or an older one where there was no room since.</summary>
    private async Task<Result<SupervisorRecord>> LoadAsync(DockerClient engine, SupervisorRecord record, CancellationToken cancellation)
    {
        var held = parts.Archive.Held();
        if (!(await parts.Archive.RestoreAsync(engine, cancellation)).TryGet(out var id, out var failures))
        {
            return failures;
        }

        var release = held!.ImageId == record.Current!.ImageId ? record.Current
            : held.ImageId == record.Previous?.ImageId ? record.Previous
            : parts.Release(held.Image);
        var loaded = record with { Current = release with { ImageId = id }, Previous = release == record.Previous ? null : record.Previous };
        var saved = parts.Store.Save(loaded);
        await parts.Actions(engine).NameImagesAsync(loaded, cancellation);
        return saved.IsSuccess ? loaded : saved.Failures;
    }

    private SupervisorUpdater Updater() => new(paths, configuration, clock, log);

    private static Result<string> Said(Result<Nothing> done) => done.Then<string>(_ => "");
}
