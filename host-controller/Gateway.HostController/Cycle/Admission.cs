using System.Collections.Immutable;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.HostController.Configuration;
using Gateway.HostController.Fetch;
using Gateway.HostController.Policy;
using Gateway.Playbooks.Parsing;

namespace Gateway.HostController.Cycle;

/// <summary>
/// Lets playbooks in: signature, then the whole document, then the release, then the gateway's own policy. Only then
/// may the mark be saved, and only then may anything be done.
/// </summary>
internal sealed class Admission(
    HostConfiguration configuration, SignatureVerifier verifier, ReleaseMarkStore marks, BundleStore bundles, TimeFloor floor, TimeProvider clock)
{
    /// <summary>Where paths that the policy judges really lie.</summary>
    public required HostPaths Paths { get; init; }

    private PolicyGuard Policy => new(configuration.Policy, Paths);

    /// <summary>Judges a newcomer. Saves nothing.</summary>
    public async Task<Result<Admitted>> AdmitAsync(string stream, FetchedPair pair, CancellationToken cancellation)
    {
        if (!(await OpenAsync(pair, verifier, cancellation)).TryGet(out var opened, out var failures) || !Parse(opened).TryGet(out var playbook, out failures))
        {
            return failures;
        }

        var text = opened.Text;
        if (!Judge(stream, text, playbook).TryGet(out var verdict, out failures))
        {
            return failures;
        }

        failures = Policy.Judge(playbook.AllTasks);
        return failures.IsEmpty ? new Admitted(stream, text, pair.Signature, playbook, verdict) { Folder = opened.Folder } : failures;
    }

    /// <summary>
    /// Verifies the playbook in force once more. Its serial and expiry, and its key's, were judged when it was accepted
    /// (what runs keeps running); the key may have been revoked since, this gateway's groups and its policy have changed.
    /// </summary>
    public async Task<Result<Admitted>> ReadmitAsync(AcceptedPlaybook accepted, CancellationToken cancellation)
    {
        var pair = new FetchedPair(new SourceText(accepted.Name, accepted.Content), accepted.Signature, IsFresh: false);
        if (accepted.IsBundle)
        {
            if (!bundles.Kept(accepted.Name, accepted.Sha256).TryGet(out var archive, out var lost))
            {
                return lost;
            }

            pair = pair with { Archive = archive };
        }

        if (!(await OpenAsync(pair, verifier.OfAccepted(), cancellation)).TryGet(out var opened, out var failures) || !Parse(opened).TryGet(out var playbook, out failures))
        {
            return failures;
        }

        var text = opened.Text;
        failures = [.. Judge(accepted.Stream, text, playbook).Failures.Where(failure => failure is ReleaseFailure { Problem: ReleaseProblem.OtherTarget })];
        failures = failures.AddRange(Policy.Judge(playbook.AllTasks));
        return failures.IsEmpty ? new Admitted(accepted.Stream, text, accepted.Signature, playbook, null) { Folder = opened.Folder } : failures;
    }

    /// <summary>Saves the mark of an admitted newcomer; before acting.</summary>
    public Result<Nothing> Commit(Admitted admitted) => admitted.Verdict is { } verdict ? marks.Save(verdict.Marks) : default(Nothing);

    /// <summary>Warnings about the marks and the keys, one line each.</summary>
    public ImmutableArray<string> Warnings() => [.. marks.Load().Warnings, .. verifier.ReadTrustedKeys().Warnings];

    /// <summary>Verifies what came, whole; a bundle is unpacked only then.</summary>
    private async Task<Result<(Verified<SourceText> Text, string? Folder)>> OpenAsync(FetchedPair pair, SignatureVerifier verifier, CancellationToken cancellation)
    {
        if (pair.Archive is not { } archive)
        {
            return (await verifier.VerifyAsync(pair.Text, pair.Signature, cancellation)).Then<(Verified<SourceText>, string?)>(text => (text, null));
        }

        var verified = await verifier.VerifyAsync(archive, pair.Signature, cancellation);
        if (!verified.IsSuccess)
        {
            BundleStore.Forget(archive);
        }

        return verified.Then(bundles.Open).Then<(Verified<SourceText>, string?)>(bundle => (bundle.Playbook, bundle.Folder));
    }

    private static Result<Playbook> Parse((Verified<SourceText> Text, string? Folder) opened) => PlaybookParser.Parse(opened.Text, opened.Folder is null
        ? ParseOptions.Signed
        : ParseOptions.Signed with { LocalFiles = true, Files = new SourceFolder(opened.Folder, isSealed: true) });

    private Result<ReleaseVerdict> Judge(string stream, Verified<SourceText> text, Playbook playbook)
    {
        var known = marks.Load().Marks;
        return ReleaseGate.Judge(
            ReleaseClaim.Of(stream, playbook.Release!, text),
            configuration.Identity,
            known,
            verifier.ReadTrustedKeys().Signers,
            TrustedTime.Of(clock, known, floor));
    }
}
