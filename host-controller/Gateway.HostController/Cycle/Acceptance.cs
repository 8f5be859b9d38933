using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.HostController.Logging;
using Serilog;

namespace Gateway.HostController.Cycle;

/// <summary>Makes an admitted newcomer the playbook in force, durably, before anything of it is done.</summary>
internal sealed class Acceptance(Admission admission, PlaybookStore store, TimeProvider clock, ILogger log)
{
    /// <summary>Keeps it, then moves the mark. A power cut in between is mended by the next cycle, which fetches it again.</summary>
    public Result<Nothing> Accept(Admitted newcomer)
    {
        foreach (var note in newcomer.Notes)
        {
            log.Warning("{Note}", note);
        }

        var release = newcomer.Playbook.Release!;
        var isKept = store.Accepted(newcomer.Stream) is { IsSuccess: true, Value: { } kept } && kept.Sha256 == newcomer.Text.Sha256;
        if (!isKept)
        {
            var accepted = AcceptedPlaybook.Of(newcomer.Stream, release, newcomer.Text, newcomer.Signature, newcomer.Folder is not null, clock.GetUtcNow());
            if (!store.Accept(accepted).TryGet(out _, out var failures))
            {
                return Told(failures);
            }

            log.Information(
                "{Stream}: accepted serial {Serial}, signed by {Signer}, expires {Expires:u}",
                newcomer.Stream, release.Serial, newcomer.Text.Signature?.Signer, release.Expires);
        }

        return admission.Commit(newcomer).TryGet(out _, out var unmarked) ? default(Nothing) : Told(unmarked);
    }

    /// <summary>Logs failures to keep state; they are this machine's, not the playbook's.</summary>
    private ImmutableArray<Failure> Told(ImmutableArray<Failure> failures)
    {
        failures = failures.OfThisMachine();
        foreach (var failure in failures)
        {
            log.Failure(failure);
        }

        return failures;
    }
}
