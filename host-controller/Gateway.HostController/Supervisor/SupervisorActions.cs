using Gateway.Core.Engine;
using Gateway.Core.Reports;

namespace Gateway.HostController.Supervisor;

/// <summary>Performs the action that a record's phase names. Each finds out first what is done already, so each can be repeated.</summary>
/// <param name="engine">The engine.</param>
/// <param name="containers">The supervisor's containers on it.</param>
/// <param name="archive">Copies outside the engine.</param>
/// <param name="specify">The container of a release, as it is configured now.</param>
/// <param name="clock">Time.</param>
internal sealed class SupervisorActions(
    DockerClient engine, SupervisorEngine containers, SupervisorArchive archive, Func<SupervisorRelease, ContainerSpec> specify, TimeProvider clock)
{
    private readonly SupervisorImage image = new(engine, containers.Name) { Logins = containers.Logins };
    private readonly SupervisorWatch watch = new(containers, clock);

    /// <summary>What happened; null when nothing can be said because the engine went away: then it is done again later.</summary>
    public async Task<UpdateEvent?> PerformAsync(SupervisorRecord record, Action<string> progress, CancellationToken cancellation) => record.Phase switch
    {
        UpdatePhase.Fetch => Told((await image.FetchAsync(record.Candidate!.Image, progress, cancellation)).Then<string?>(found => found.Id), alwaysPassing: true),
        UpdatePhase.Archive => Told(await ArchiveAsync(record.Current, cancellation)),
        UpdatePhase.SmokeTest => Told(await SmokeTestAsync(record.Candidate!, cancellation)),
        UpdatePhase.Create => await CreateAsync(record.Candidate!, cancellation),
        UpdatePhase.DropCandidate => Told(await containers.RemoveAsync(containers.CandidateName)),
        UpdatePhase.StopOld => Told(await containers.StopAsync(record.OldContainer!)),
        UpdatePhase.SetAside => Told(await containers.RenameAsync(record.OldContainer!, containers.PreviousName, cancellation)),
        UpdatePhase.PutInPlace => UnlessTakenAway(await containers.RenameAsync(record.NewContainer!, containers.Name, cancellation)),
        UpdatePhase.Start => UnlessTakenAway(await containers.StartAsync(record.NewContainer!)),
        UpdatePhase.Probation => await watch.WatchAsync(record.NewContainer!, TimeSpan.FromSeconds(record.HealthSeconds), TimeSpan.FromSeconds(record.ProbationSeconds), cancellation),
        UpdatePhase.RemoveNew => Told(await RemoveNewAsync(record, cancellation)),
        UpdatePhase.BringBack => Told(await BringBackAsync(record, cancellation)),
        UpdatePhase.StartOld => Told(await containers.StartAsync(record.OldContainer!)),
        UpdatePhase.CleanUp => Told(await CleanUpAsync(record, cancellation)),
        _ => throw new InvalidOperationException($"{record.Phase} is no action"),
    };

    /// <summary>Makes a container of a release whose image is here, under a name.</summary>
    public async Task<Result<string>> MakeAsync(SupervisorRelease release, string name, CancellationToken cancellation)
    {
        // An image that came back from an archive has its id and no longer its digest.
        var byReference = await engine.Images.InspectAsync(release.Image, cancellation);
        var isSame = byReference.IsSuccess && (release.ImageId.Length == 0 || byReference.Value.Id == release.ImageId);
        var spec = specify(release);
        return await containers.MakeAsync(name, isSame ? spec : spec with { Image = release.ImageId }, cancellation);
    }

    /// <summary>Gives the images of the releases names of ours, without which the engine counts them as left over.</summary>
    public async Task NameImagesAsync(SupervisorRecord record, CancellationToken cancellation)
    {
        foreach (var (release, tag) in new[] { (record.Current, "current"), (record.Previous, "previous") })
        {
            if (release is { ImageId.Length: > 0 })
            {
                _ = await engine.Images.TagAsync(release.ImageId, image.OwnName, tag, cancellation);
            }
        }
    }

    private async Task<Result<string?>> ArchiveAsync(SupervisorRelease? current, CancellationToken cancellation) =>
        current is null or { ImageId.Length: 0 } ? (string?)null : Done(await archive.KeepAsync(engine, current, cancellation));

    private async Task<Result<string?>> SmokeTestAsync(SupervisorRelease candidate, CancellationToken cancellation) =>
        (await engine.Images.InspectAsync(candidate.ImageId, cancellation)).TryGet(out var details, out var failures)
            ? Done(await image.SmokeTestAsync(candidate.ImageId, candidate.Image, details, cancellation))
            : failures;

    private async Task<UpdateEvent> CreateAsync(SupervisorRelease candidate, CancellationToken cancellation)
    {
        if (!(await containers.LookAsync(containers.Name, cancellation)).TryGet(out var old, out var failures)
            || !(await MakeAsync(candidate, containers.CandidateName, cancellation)).TryGet(out var made, out failures))
        {
            return Broke(failures, false);
        }

        return new UpdateEvent.Worked(made, old?.Id);
    }

    private async Task<Result<string?>> RemoveNewAsync(SupervisorRecord record, CancellationToken cancellation)
    {
        var removed = await containers.RemoveAsync(record.NewContainer ?? containers.CandidateName);
        if (removed.IsSuccess || SupervisorEngine.IsPassing(removed.Failures))
        {
            return Done(removed);
        }

        // What cannot be removed can be stopped and put out of the way.
        return Done(await containers.StopAsync(record.NewContainer!)) is { IsSuccess: true }
            ? Done(await containers.RenameAsync(record.NewContainer!, $"{containers.Name}-failed", cancellation))
            : removed.Failures;
    }

    /// <summary>The same old container; if that is gone or the engine can do nothing with it, one made anew from the same image.</summary>
    private async Task<Result<string?>> BringBackAsync(SupervisorRecord record, CancellationToken cancellation)
    {
        if (record.OldContainer is { } id)
        {
            var renamed = await containers.RenameAsync(id, containers.Name, cancellation);
            if (renamed.IsSuccess || SupervisorEngine.IsPassing(renamed.Failures))
            {
                return Done(renamed);
            }
        }

        if (!(await engine.Images.InspectAsync(record.Current!.ImageId, cancellation)).IsSuccess)
        {
            _ = await archive.RestoreAsync(engine, cancellation);
        }

        return (await MakeAsync(record.Current!, containers.Name, cancellation)).Then<string?>(made => made);
    }

    private async Task<Result<string?>> CleanUpAsync(SupervisorRecord record, CancellationToken cancellation)
    {
        foreach (var left in new[] { containers.PreviousName, containers.CandidateName, $"{containers.Name}-failed" })
        {
            if (!(await containers.RemoveAsync(left)).TryGet(out _, out var failures))
            {
                return failures;
            }
        }

        await NameImagesAsync(record, cancellation);
        if (record.Obsolete is { } obsolete)
        {
            _ = await engine.Images.RemoveAsync(obsolete, force: true, cancellation);
        }

        return await ArchiveAsync(record.Current, cancellation);
    }

    private static Result<string?> Done(Result<Nothing> done) => done.Then<string?>(_ => (string?)null);

    private static UpdateEvent Told(Result<string?> result, bool alwaysPassing = false) =>
        result.TryGet(out var made, out var failures) ? new UpdateEvent.Worked(made) : Broke(failures, alwaysPassing);

    private static UpdateEvent Told(Result<Nothing> result) => Told(Done(result));

    /// <summary>That the new container is gone says nothing about the release; a disk that was full meanwhile, say, had us go back.</summary>
    private static UpdateEvent UnlessTakenAway(Result<Nothing> result) =>
        Told(Done(result), alwaysPassing: !result.IsSuccess && result.Failure.Kind == FailureKind.NotFound);

    private static UpdateEvent.Broke Broke(System.Collections.Immutable.ImmutableArray<Failure> failures, bool alwaysPassing) =>
        new(OneLine.Of(failures[0].Message), alwaysPassing || SupervisorEngine.IsPassing(failures));
}
