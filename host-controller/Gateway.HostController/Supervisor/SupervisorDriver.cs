using Gateway.Core.Reports;
using Serilog;

namespace Gateway.HostController.Supervisor;

/// <summary>Drives the machine: saves the record, performs its action, feeds back what happened, until it rests.</summary>
/// <param name="save">Makes a record durable.</param>
/// <param name="perform">Performs the action of a record's phase; null when nothing can be said of it now.</param>
/// <param name="clock">Time, for reports.</param>
/// <param name="log">Is told of each step.</param>
internal sealed class SupervisorDriver(
    Func<SupervisorRecord, Result<Nothing>> save, Func<SupervisorRecord, Task<UpdateEvent?>> perform, TimeProvider clock, ILogger log)
{
    /// <summary>The record when the machine rests; a failure when it could not be saved, and then what ran before runs.</summary>
    public async Task<Result<SupervisorRecord>> DriveAsync(SupervisorRecord record, UpdateEvent happened)
    {
        for (var next = happened; ;)
        {
            var before = record.Phase;
            (record, var act) = SupervisorMachine.Next(record, next, clock.GetUtcNow());
            Tell(before, record, next);
            var saved = save(record);
            if (!saved.IsSuccess && IsBetween(record))
            {
                next = new UpdateEvent.Broke(OneLine.Of(saved.Failure.ToString()), Passing: true);
                continue;
            }

            if (!saved.IsSuccess && !GoesBack(record))
            {
                return saved.Failures;
            }

            if (!act)
            {
                return record;
            }

            if (await perform(record) is not { } outcome)
            {
                return record;
            }

            next = outcome;
        }
    }

    /// <summary>The old one may be stopped already: what cannot be written down is not gone on with, and not left as it is either.</summary>
    private static bool IsBetween(SupervisorRecord record) => record is
    {
        OldContainer: not null,
        Phase: UpdatePhase.StopOld or UpdatePhase.SetAside or UpdatePhase.PutInPlace or UpdatePhase.Start or UpdatePhase.Probation,
    };

    /// <summary>A full or read-only disk holds up an update, and never its way back: every action of that can be found out again.</summary>
    private static bool GoesBack(SupervisorRecord record) => record.Phase is UpdatePhase.RemoveNew or UpdatePhase.BringBack or UpdatePhase.StartOld;

    private void Tell(UpdatePhase before, SupervisorRecord record, UpdateEvent happened)
    {
        if (happened is UpdateEvent.Broke broke)
        {
            log.Error("supervisor {Image}: {Phase} failed: {Reason}", record.Candidate?.Image, before, broke.Reason);
        }

        if (record.Phase != before && record.Phase != UpdatePhase.Idle)
        {
            log.Information("supervisor {Image}: {Phase}", (record.Candidate ?? record.Current)?.Image, record.Phase);
        }
    }
}
