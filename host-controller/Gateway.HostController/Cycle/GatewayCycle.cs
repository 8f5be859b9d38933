using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.HostController.Configuration;
using Gateway.HostController.Fetch;
using Gateway.HostController.Logging;
using Gateway.HostController.Reports;
using Serilog;

namespace Gateway.HostController.Cycle;

/// <summary>
/// One cycle for one stream: fetch, verify, parse, judge, and apply. Whatever is wrong with what was fetched, the
/// playbook in force stays in force and is applied again when it is due.
/// </summary>
internal sealed class GatewayCycle(
    PairFetcher fetcher, Admission admission, PlaybookStore store, PlaybookApplication application, TimeProvider clock, ILogger log)
{
    /// <summary>Renews keys that keep a playbook out; null where that is not wanted.</summary>
    public KeyRenewal? Renewal { get; init; }

    private readonly Acceptance acceptance = new(admission, store, clock, log);

    /// <summary>Runs it to its end.</summary>
    public async Task<StreamOutcome> RunAsync(PlaybookAddress address, Reapply reapply, bool force, CancellationToken cancellation)
    {
        var record = store.Record(address.Stream);
        var report = new DocumentReport(address.Stream) { Document = address.Document.AbsoluteUri };
        var (newcomer, failures) = await LetInAsync(address, cancellation);
        record = record with { Refused = Refusal(record.Refused, failures) };
        if (newcomer is null)
        {
            (newcomer, var lost) = await InForceAsync(address.Stream, cancellation);
            failures = failures.AddRange(lost);
        }

        if (newcomer is null)
        {
            Keep(record);
            return new StreamOutcome(ExitStatuses.Of(failures), report with { Why = "there is no accepted playbook", Failures = StreamOutcome.Lines(failures) });
        }

        report = report with
        {
            Document = newcomer.Text.Value.Name,
            Serial = newcomer.Playbook.Release?.Serial,
            Sha256 = newcomer.Text.Sha256,
            Signer = newcomer.Text.Signature?.Signer,
        };
        var decision = CycleDecision.Of(newcomer.Text.Sha256, record.Applied, reapply, force, clock.GetUtcNow());
        decision = application.IsWaiting(newcomer) ? new CycleDecision(true, "it goes on after a reboot") : decision;
        report = report with { Why = decision.Why };
        Keep(record);
        if (!decision.Apply)
        {
            log.Information("{Stream}: nothing to do: {Why}", address.Stream, decision.Why);
            return new StreamOutcome(ExitStatuses.Of(failures), report with { Failures = StreamOutcome.Lines(failures) });
        }

        log.Information("{Stream}: applying, because {Why}", address.Stream, decision.Why);
        (var failed, report) = await application.ApplyAsync(newcomer, report, cancellation);
        cancellation.ThrowIfCancellationRequested();
        var done = failed.IsEmpty ? ExitStatus.Done : ExitStatus.TaskFailed;
        Keep(!report.Applied ? record : record with { Applied = new AppliedRecord(newcomer.Text.Sha256, clock.GetUtcNow(), (int)done) });
        return new StreamOutcome(
            ExitStatuses.Worst([ExitStatuses.Of(failures), done]),
            report with { Failures = StreamOutcome.Lines(failures.Concat(failed)) });
    }

    /// <summary>Fetches and admits; the pair is fetched once more when it may have been caught while it was republished.</summary>
    private async Task<(Admitted? Newcomer, ImmutableArray<Failure> Failures)> LetInAsync(PlaybookAddress address, CancellationToken cancellation)
    {
        var (admitted, failures) = await TryAsync(address, fresh: false, cancellation);
        if (admitted is null && failures.Any(failure => failure.Phase == Phase.Verify))
        {
            log.Information("{Stream}: fetching playbook and signature once more, they may just have been published", address.Stream);
            (admitted, failures) = await TryAsync(address, fresh: true, cancellation);
        }

        if (admitted is null && Renewal is not null && failures.OfType<VerificationFailure>().FirstOrDefault(IsAboutKeys) is { } expired
            && await Renewal.RenewAsync(expired.Problem, cancellation))
        {
            (admitted, failures) = await TryAsync(address, fresh: false, cancellation);
        }

        foreach (var failure in failures)
        {
            log.Failure(failure);
        }

        if (admitted is not null && !acceptance.Accept(admitted).TryGet(out _, out var unsaved))
        {
            return (null, unsaved);
        }

        return (admitted, failures);
    }

    private static bool IsAboutKeys(VerificationFailure failure) =>
        failure.Problem is SignatureProblem.KeyExpired or SignatureProblem.UnknownKey or SignatureProblem.NoTrustedKeys;

    private async Task<(Admitted? Newcomer, ImmutableArray<Failure> Failures)> TryAsync(PlaybookAddress address, bool fresh, CancellationToken cancellation)
    {
        var fetched = await fetcher.FetchAsync(address, fresh, failure => log.Warning("{Failure}; trying again", failure.ToString()), cancellation);
        if (!fetched.TryGet(out var pair, out var failures))
        {
            return (null, failures);
        }

        log.Information("{Stream}: {Document} {How}", address.Stream, pair.Text.Name, pair.IsFresh ? "downloaded" : "has not changed since the last download");
        var admitted = await admission.AdmitAsync(address.Stream, pair, cancellation);
        return admitted.TryGet(out var newcomer, out failures) ? (newcomer, []) : (null, failures);
    }

    private async Task<(Admitted? InForce, ImmutableArray<Failure> Failures)> InForceAsync(string stream, CancellationToken cancellation)
    {
        if (!store.Accepted(stream).TryGet(out var accepted, out var failures))
        {
            return (null, Told(failures.OfThisMachine()));
        }

        if (accepted is null)
        {
            return (null, []);
        }

        log.Information("{Stream}: serial {Serial}, accepted {Accepted:u}, stays in force", stream, accepted.Serial, accepted.Accepted);
        return (await admission.ReadmitAsync(accepted, cancellation)).TryGet(out var inForce, out failures) ? (inForce, []) : (null, Told(failures));
    }

    private ImmutableArray<Failure> Told(ImmutableArray<Failure> failures)
    {
        foreach (var failure in failures)
        {
            log.Failure(failure);
        }

        return failures;
    }

    private RefusedRecord? Refusal(RefusedRecord? before, ImmutableArray<Failure> failures)
    {
        var status = ExitStatuses.Of(failures);
        if (status is not (ExitStatus.Refused or ExitStatus.Malformed))
        {
            // What cannot be fetched now may still be the newcomer refused before; what was let in is not.
            return failures.IsEmpty ? null : before;
        }

        var reason = string.Join("; ", StreamOutcome.Lines(failures).Take(5));
        return before?.Reason == reason ? before : new RefusedRecord(clock.GetUtcNow(), (int)status, reason);
    }

    private void Keep(StreamRecord record)
    {
        foreach (var failure in store.Save(record).Failures)
        {
            log.Failure(failure);
        }
    }
}
