using System.Collections.Immutable;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.HostController.Configuration;
using Gateway.HostController.Fetch;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Cycle;

/// <summary>
/// Lets playbooks in: signature, then the whole document, then the release, then the gateway's own policy. Only then
/// may the mark be saved, and only then may anything be done.
/// </summary>
internal sealed class Admission(HostConfiguration configuration, SignatureVerifier verifier, ReleaseMarkStore marks, TimeProvider clock)
{
    /// <summary>Judges a newcomer. Saves nothing.</summary>
    public async Task<Result<Admitted>> AdmitAsync(string stream, FetchedPair pair, CancellationToken cancellation)
    {
        if (!(await verifier.VerifyAsync(pair.Text, pair.Signature, cancellation)).TryGet(out var text, out var failures)
            || !PlaybookParser.Parse(text, ParseOptions.Signed).TryGet(out var playbook, out failures))
        {
            return failures;
        }

        if (!Judge(stream, text, playbook).TryGet(out var verdict, out failures))
        {
            return failures;
        }

        failures = ModulePolicy.Judge(playbook, configuration.AllowedModules);
        return failures.IsEmpty ? new Admitted(stream, text, pair.Signature, playbook, verdict) : failures;
    }

    /// <summary>
    /// Verifies the playbook in force once more. Its serial and expiry were judged when it was accepted (what runs
    /// keeps running); its key, this gateway's groups and its policy may have changed since.
    /// </summary>
    public async Task<Result<Admitted>> ReadmitAsync(AcceptedPlaybook accepted, CancellationToken cancellation)
    {
        var source = new SourceText(accepted.Name, accepted.Content);
        if (!(await verifier.VerifyAsync(source, accepted.Signature, cancellation)).TryGet(out var text, out var failures)
            || !PlaybookParser.Parse(text, ParseOptions.Signed).TryGet(out var playbook, out failures))
        {
            return failures;
        }

        failures = [.. Judge(accepted.Stream, text, playbook).Failures.Where(failure => failure is ReleaseFailure { Problem: ReleaseProblem.OtherTarget })];
        failures = failures.AddRange(ModulePolicy.Judge(playbook, configuration.AllowedModules));
        return failures.IsEmpty ? new Admitted(accepted.Stream, text, accepted.Signature, playbook, null) : failures;
    }

    /// <summary>Saves the mark of an admitted newcomer; before acting.</summary>
    public Result<Nothing> Commit(Admitted admitted) => admitted.Verdict is { } verdict ? marks.Save(verdict.Marks) : default(Nothing);

    /// <summary>Warnings about the marks and the keys, one line each.</summary>
    public ImmutableArray<string> Warnings() => [.. marks.Load().Warnings, .. verifier.ReadTrustedKeys().Warnings];

    private Result<ReleaseVerdict> Judge(string stream, Verified<SourceText> text, Playbook playbook)
    {
        var known = marks.Load().Marks;
        return ReleaseGate.Judge(
            ReleaseClaim.Of(stream, playbook.Release!, text),
            configuration.Identity,
            known,
            verifier.ReadTrustedKeys().Signers,
            TrustedTime.Of(clock, known));
    }
}
