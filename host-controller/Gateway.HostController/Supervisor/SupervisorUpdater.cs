using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.HostController.Configuration;
using Gateway.Playbooks.Modules;
using Serilog;

namespace Gateway.HostController.Supervisor;

/// <summary>
/// Brings the container supervisor to an image and back again; see <see cref="SupervisorMachine"/> for the way. Only one
/// process or thread at a time exchanges containers; that is what the lock in the runtime folder is for.
/// </summary>
internal sealed class SupervisorUpdater(HostPaths paths, HostConfiguration configuration, TimeProvider clock, ILogger log)
{
    /// <summary>For going back by hand or by the failsafe, where no playbook says how long.</summary>
    private static readonly TimeSpan UsualHealthTimeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(2);
    private readonly SupervisorParts parts = new(paths, configuration, clock);

    private string Name => configuration.Supervisor.Name;

    /// <summary>What is there, compared with what is wanted; null when there is no supervisor.</summary>
    public async Task<Result<SupervisorState?>> ReadAsync(UpdateSupervisor wanted, CancellationToken cancellation)
    {
        using var engine = parts.Connect();
        if (!parts.Store.Load().TryGet(out var record, out var failures)
            || !(await new SupervisorEngine(engine, Name).LookAsync(Name, cancellation)).TryGet(out var there, out failures))
        {
            return failures;
        }

        if (there is null)
        {
            return (SupervisorState?)null;
        }

        var hash = parts.Release(wanted.Image).Hash;
        var isCurrent = !record.IsUnderWay && there.Hash == hash && record.Current?.Hash == hash;
        return new SupervisorState(there.Image, isCurrent, there.Running, there.Health);
    }

    /// <summary>What was done, or why it could not be; then the supervisor is the one from before.</summary>
    public async Task<Result<string>> UpdateAsync(UpdateSupervisor wanted, Action<string> progress, CancellationToken cancellation)
    {
        using var work = Open(progress, cancellation);
        var release = parts.Release(wanted.Image);
        if (!(await work.ReadyAsync(cancellation)).TryGet(out var record, out var failures))
        {
            return failures;
        }

        if (record.FailureOf(release.Hash) is { Final: true } failed)
        {
            return new Failure(
                Phase.Apply, Name, OneLine.Of($"{release.Image} failed before and is not tried again until another release is published ({failed.At:u}): {failed.Reason}"));
        }

        if (!(await work.Containers.LookAsync(Name, cancellation)).TryGet(out var there, out failures))
        {
            return failures;
        }

        if (record.Current?.Hash == release.Hash)
        {
            return await work.RepairAsync(record, there, wanted.HealthTimeout, cancellation);
        }

        var isInPlace = record.Current is null && there?.Hash == release.Hash;
        // A probation is for going back; the first one ever has nothing to go back to.
        var isFirst = record.Current is null && (there is null || isInPlace);
        var begin = new UpdateEvent.Begin(
            isInPlace ? release with { ImageId = there!.ImageId } : release,
            isInPlace ? UpdatePhase.Start : UpdatePhase.Fetch,
            wanted.HealthTimeout,
            isFirst ? TimeSpan.Zero : wanted.Probation)
        {
            Adopted = isInPlace ? null : there?.Release,
            InPlace = isInPlace ? there!.Id : null,
            BootId = BootId.Current,
        };
        return Outcome(await work.DriveAsync(record, begin), progress);
    }

    /// <summary>Goes on with an update that was interrupted; nothing to do otherwise.</summary>
    public async Task<Result<string>> ResumeAsync(CancellationToken cancellation)
    {
        using var work = Open(_ => { }, cancellation);
        return (await work.ReadyAsync(cancellation)).TryGet(out var record, out var failures) ? record.Last?.Text ?? "" : failures;
    }

    /// <summary>Puts the release before in the place of the current one, which is remembered as failed for this reason.</summary>
    public async Task<Result<string>> GoBackAsync(string reason, Action<string> progress, CancellationToken cancellation)
    {
        using var work = Open(progress, cancellation);
        if (!(await work.ReadyAsync(cancellation)).TryGet(out var record, out var failures))
        {
            return failures;
        }

        if (record is not { Current: not null, Previous: { } previous })
        {
            return new Failure(Phase.Apply, Name, "there is no release of the supervisor to go back to");
        }

        var begin = new UpdateEvent.Begin(previous, UpdatePhase.Archive, UsualHealthTimeout, UpdateSupervisor.UsualProbation) { Condemned = reason, BootId = BootId.Current };
        return Outcome(await work.DriveAsync(record, begin), progress);
    }

    private SupervisorWork Open(Action<string> progress, CancellationToken cancellation)
    {
        parts.MakeFolders();
        var engine = parts.Connect();
        var actions = parts.Actions(engine);
        return new SupervisorWork(
            engine, actions, parts.Store, parts.Turn(LongestWait), record => actions.PerformAsync(record, progress, cancellation), new WorkTools(clock, log, Name) { Logins = parts.Logins });
    }

    private Result<string> Outcome(Result<SupervisorRecord> driven, Action<string> progress)
    {
        if (!driven.TryGet(out var record, out var failures))
        {
            return failures;
        }

        if (record.IsUnderWay)
        {
            return new Failure(Phase.Apply, Name, $"the update stopped on {record.Phase}, because the engine does not answer; it goes on by itself", Retryable: true);
        }

        if (record.Phase == UpdatePhase.Fetch)
        {
            return new Failure(Phase.Apply, Name, "something else was done with the supervisor while the image was fetched; the next cycle tries again", Retryable: true);
        }

        progress($"supervisor {Name} {record.Last!.Text}");
        return record.Last.Committed ? $"supervisor {Name} {record.Last.Text}" : new Failure(Phase.Apply, Name, OneLine.Of(record.Last.Text));
    }
}
