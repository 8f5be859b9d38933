using System.Collections.Immutable;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Trust;
using Gateway.HostController.Configuration;
using Gateway.HostController.Cycle;
using Gateway.HostController.Fetch;
using Gateway.HostController.Policy;
using Gateway.HostController.Reports;
using Gateway.HostController.Run;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Parsing;
using Serilog;

namespace Gateway.HostController.Commands;

/// <summary>What <c>apply</c> reads and keeps on this machine.</summary>
internal sealed class ApplyState(HostPaths paths, HostConfiguration configuration, BundleStore bundles, TimeProvider clock, ILogger log)
{
    private readonly PlaybookStore store = new(paths.On(configuration.StateDirectory));

    /// <summary>Lets a signed playbook in, as if it had been fetched for the stream without groups.</summary>
    public async Task<Result<Admitted>> AdmitAsync(FetchedPair pair, bool accept, CancellationToken cancellation)
    {
        var admission = new Admission(
            configuration,
            new SignatureVerifier(paths.On(configuration.TrustedDirectory)),
            new ReleaseMarkStore(paths.On(configuration.StateDirectory)),
            bundles,
            new TimeFloor(paths.On(configuration.StateDirectory), clock),
            clock)
        {
            Paths = paths,
        };
        foreach (var warning in admission.Warnings())
        {
            log.Warning("{Warning}", warning);
        }

        if (accept)
        {
            StatePaths.Make(paths, configuration);
        }

        if (!(await admission.AdmitAsync(ReleaseStream.Playbook, pair, cancellation)).TryGet(out var admitted, out var failures))
        {
            return failures;
        }

        return accept && !new Acceptance(admission, store, clock, log).Accept(admitted).TryGet(out _, out failures) ? failures : admitted;
    }

    /// <summary>Takes an unsigned playbook on the word of who runs this; the gateway's policy holds all the same.</summary>
    public Result<Admitted> Waive(FetchedPair pair, string folder, DictValue extraVars)
    {
        var text = SignatureVerifier.Waive(pair.Text);
        string? inside = null;
        if (pair.Archive is { } archive)
        {
            if (!SignatureVerifier.Waive(archive).Then(bundles.Open).TryGet(out var bundle, out var unopened))
            {
                return unopened;
            }

            (text, inside, folder) = (bundle.Playbook, bundle.Folder, bundle.Folder);
        }

        var parsing = ParseOptions.Unsigned with { Files = new SourceFolder(folder, isSealed: inside is not null), ExtraVars = extraVars };
        if (!PlaybookParser.Parse(text, parsing).TryGet(out var playbook, out var failures))
        {
            return failures;
        }

        failures = new PolicyGuard(configuration.Policy, paths).Judge(playbook.AllTasks);
        return failures.IsEmpty ? new Admitted(ReleaseStream.Playbook, text, ReadOnlyMemory<byte>.Empty, playbook, null) { Folder = inside } : failures;
    }

    /// <summary>Applies it and, unless it was a check, keeps a report.</summary>
    public async Task<ExitStatus> RunAsync(
        PlaybookApplication application, RunOptions options, Admitted admitted, CancellationToken cancellation)
    {
        var (started, begun) = (clock.GetUtcNow(), clock.GetTimestamp());
        var report = new DocumentReport(ReleaseStream.Playbook)
        {
            Document = admitted.Playbook.Name,
            Serial = admitted.Playbook.Release?.Serial,
            Sha256 = admitted.Text.Sha256,
            Signer = admitted.Text.Signature?.Signer,
            Why = "apply",
        };
        (var failures, report) = await application.ApplyAsync(admitted, report, cancellation);
        var status = cancellation.IsCancellationRequested ? ExitStatus.Other : failures.IsEmpty ? ExitStatus.Done : ExitStatus.TaskFailed;
        if (!options.Check)
        {
            Keep(started, started + clock.GetElapsedTime(begun), status, report with { Failures = StreamOutcome.Lines(failures) });
            NoteApplied(options, admitted, status);
        }

        return status;
    }

    /// <summary>A whole run of a signed playbook counts as applied; a part of it, or what was cut off, does not.</summary>
    private void NoteApplied(RunOptions options, Admitted admitted, ExitStatus status)
    {
        if (admitted.Text.Signature is not null && options is { Tags.IsEmpty: true, SkipTags.IsEmpty: true } && status != ExitStatus.Other)
        {
            var record = store.Record(admitted.Stream);
            Tell(store.Save(record with { Applied = new AppliedRecord(admitted.Text.Sha256, clock.GetUtcNow(), (int)status), Refused = null }).Failures);
        }
    }

    private void Keep(DateTimeOffset started, DateTimeOffset ended, ExitStatus status, DocumentReport document)
    {
        var report = new RunReport(
            RunReport.KnownSchema, ReportStore.IdAt(started), "apply", ProgramVersion.Text, configuration.Identity.Id,
            started, ended, Math.Round((ended - started).TotalSeconds, 3), (int)status, [document]);
        Tell(new ReportStore(StatePaths.Reports(paths, configuration)).Save(report).Failures);
    }

    private void Tell(ImmutableArray<Failure> failures)
    {
        foreach (var failure in failures)
        {
            log.Warning("{Failure}", failure.ToString());
        }
    }
}
