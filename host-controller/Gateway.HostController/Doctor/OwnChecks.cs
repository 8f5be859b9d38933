using Gateway.Core.Processes;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Trust;
using Gateway.HostController.Configuration;
using Gateway.HostController.Cycle;
using Gateway.HostController.Supervisor;

namespace Gateway.HostController.Doctor;

/// <summary>What a version of the host controller answers for by itself: it reads its settings, keys and state, and can write. The guardian asks no more.</summary>
internal static class OwnChecks
{
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);

    /// <summary>Time is counted while a gateway runs; one that lay unused for longer is rare.</summary>
    private static readonly TimeSpan LongUnused = TimeSpan.FromDays(2 * 365);

    /// <summary>All findings about our own affairs.</summary>
    public static async Task<List<Finding>> RunAsync(HostPaths paths, HostConfiguration configuration, TimeProvider clock, CancellationToken cancellation)
    {
        List<Finding> findings = [new("configuration", Verdict.Ok, $"gateway {configuration.Identity.Id}, {configuration.Identity.Groups.Length} groups")];
        findings.AddRange(configuration.Notices.Select(notice => new Finding("configuration", Verdict.Warning, notice)));
        findings.Add(StateDirectory(paths.On(configuration.StateDirectory)));
        findings.AddRange(Keys(new SignatureVerifier(paths.On(configuration.TrustedDirectory)).ReadTrustedKeys(), clock.GetUtcNow()));
        findings.Add(await VerifierAsync(cancellation));
        var marks = new ReleaseMarkStore(paths.On(configuration.StateDirectory)).Load();
        findings.AddRange(marks.Warnings.Select(warning => new Finding("release marks", Verdict.Problem, warning)));
        findings.Add(Clock(TrustedTime.Of(clock, marks.Marks, new TimeFloor(paths.On(configuration.StateDirectory), clock))));
        findings.Add(Record(new SupervisorStore(StatePaths.Supervisor(paths, configuration))));
        findings.AddRange(Playbooks(new PlaybookStore(paths.On(configuration.StateDirectory))));
        return findings;
    }

    private static Finding StateDirectory(string folder)
    {
        var probe = Path.Combine(folder, ".doctor");
        var written = Directory.Exists(folder)
            ? AtomicFile.Write(probe, "doctor"u8, AtomicFile.OwnerOnly)
            : new Failure(Phase.Configuration, folder, "is not there yet; the first cycle makes it");
        if (!written.IsSuccess)
        {
            return new Finding("state", Directory.Exists(folder) ? Verdict.Problem : Verdict.Warning, $"{written.Failure}; is the disk full, worn out or mounted read-only?");
        }

        File.Delete(probe);
        return new Finding("state", Verdict.Ok, $"{folder} can be written");
    }

    private static IEnumerable<Finding> Keys(TrustedKeyring keyring, DateTimeOffset now)
    {
        foreach (var warning in keyring.Warnings)
        {
            yield return new Finding("keys", Verdict.Warning, warning);
        }

        var usable = keyring.Keys.Count(key => !key.Revoked && (key.Expires is null || key.Expires > now));
        if (usable == 0)
        {
            yield return new Finding("keys", Verdict.Problem, keyring.Keys.IsEmpty
                ? "there is no key: nothing can be accepted; put the operators' public keys into the trusted directory"
                : "no key is good any more: nothing new can be accepted; set key_server, or put a renewed key into the trusted directory");
        }

        foreach (var key in keyring.Keys)
        {
            var what = $"{key.Fingerprint} {key.User}";
            yield return key.Revoked ? new Finding("keys", Verdict.Warning, $"{what}: revoked")
                : key.Expires is not { } expires ? new Finding("keys", Verdict.Ok, $"{what}: does not expire")
                : expires <= now ? new Finding("keys", Verdict.Warning, $"{what}: expired {expires:u}; its owner has to prolong and publish it")
                : expires - now < Soon ? new Finding("keys", Verdict.Warning, $"{what}: expires soon, {expires:u}")
                : new Finding("keys", Verdict.Ok, $"{what}: expires {expires:u}");
        }
    }

    private static async Task<Finding> VerifierAsync(CancellationToken cancellation)
    {
        var outcome = await ProcessRunner.RunAsync(new ProcessRequest("gpgv", ["--version"]) { Timeout = TimeSpan.FromSeconds(20) }, cancellation);
        return outcome.IsSuccess
            ? new Finding("gpgv", Verdict.Ok, OneLine.Of(outcome.StandardOutput.Split('\n')[0]))
            : new Finding("gpgv", Verdict.Problem, OneLine.Of($"does not run ({outcome.ExitCode}): {outcome.StandardError}; no signature can be verified: apt-get install gpgv"));
    }

    /// <summary>A clock that is wrong locks nobody out, but certificates and key expiries are judged by it.</summary>
    private static Finding Clock(TrustedTime time) =>
        time.ClockIsBehindBuild
            ? new Finding("clock", Verdict.Warning, $"the clock says {time.System:u}, which is before this program was built ({time.Build:u}); releases are judged by {time.Now:u}, TLS needs the right time")
        : time.NewestSigned > time.System
            ? new Finding("clock", Verdict.Warning, $"the clock says {time.System:u}, and a release accepted here was signed {time.NewestSigned:u}: the clock is behind")
        : time.Certain > time.System
            ? new Finding("clock", Verdict.Warning, $"the clock says {time.System:u}, and {time.Certain:u} has certainly passed: the clock was set back; releases are judged by the later")
        : time.System - time.Certain > LongUnused
            ? new Finding("clock", Verdict.Warning, $"the clock says {time.System:u}, and the last that is known for certain here is {time.Certain:u}: if it is ahead, keys and releases look expired until it is set right")
        : new Finding("clock", Verdict.Ok, $"{time.System:u}");

    private static Finding Record(SupervisorStore store)
    {
        if (!store.Load().TryGet(out var record, out var failures))
        {
            return new Finding("supervisor's record", Verdict.Warning, failures[0].ToString());
        }

        return record.Phase == UpdatePhase.Idle
            ? new Finding("supervisor's record", Verdict.Ok, record.Last?.Text ?? "nothing was updated yet")
            : new Finding("supervisor's record", Verdict.Warning, $"an update is under way: {record.Phase}");
    }

    private static IEnumerable<Finding> Playbooks(PlaybookStore store)
    {
        foreach (var stream in store.Streams())
        {
            if (!store.Accepted(stream).TryGet(out var accepted, out var failures))
            {
                yield return new Finding(stream, Verdict.Problem, failures[0].ToString());
                continue;
            }

            var record = store.Record(stream);
            yield return record.Refused is { } refused ? new Finding(stream, Verdict.Warning, $"refused since {refused.At:u}: {refused.Reason}")
                : record.Applied is { Status: not 0 } failed ? new Finding(stream, Verdict.Warning, $"a task failed when serial {accepted?.Serial} was applied, {failed.At:u}; status tells which")
                : new Finding(stream, Verdict.Ok, accepted is null ? "nothing accepted yet" : $"serial {accepted.Serial} in force");
        }
    }
}
