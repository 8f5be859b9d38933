using System.CommandLine;
using System.Text.Json;
using Gateway.Core.Releases;
using Gateway.Core.Trust;
using Gateway.HostController.Configuration;
using Gateway.HostController.Cycle;
using Gateway.HostController.Failsafe;
using Gateway.HostController.Health;
using Gateway.HostController.Reports;
using Gateway.HostController.Schedule;
using Gateway.HostController.SelfUpdate;

namespace Gateway.HostController.Commands;

/// <summary><c>status</c>: what is in force, what happened last, what comes next.</summary>
internal static class StatusCommand
{
    public static Command Create(GlobalOptions global)
    {
        var output = OutputOption.Create();
        var command = new Command("status", "Tell what is in force, what was refused and why, and when the next cycle is due. Changes nothing.") { output };
        command.SetAction((line, cancellation) => PrintAsync(global, line, output.Get(line), cancellation));
        return command;
    }

    private static async Task<int> PrintAsync(GlobalOptions global, ParseResult line, OutputForm output, CancellationToken cancellation)
    {
        if (!global.Configuration(line).LoadToLook().TryGet(out var configuration, out var failures))
        {
            return Complaints.Print(failures);
        }

        var report = await GatherAsync(global.Paths(line), configuration, cancellation);
        await Console.Out.WriteLineAsync(output == OutputForm.Json
            ? JsonSerializer.Serialize(report, ReportsJson.Default.StatusReport)
            : StatusText.Of(report));
        return (int)ExitStatus.Done;
    }

    private static async Task<StatusReport> GatherAsync(HostPaths paths, HostConfiguration configuration, CancellationToken cancellation)
    {
        var state = paths.On(configuration.StateDirectory);
        var keys = new SignatureVerifier(paths.On(configuration.TrustedDirectory)).ReadTrustedKeys();
        var marks = new ReleaseMarkStore(state).Load();
        var store = new PlaybookStore(state);
        var (supervisor, torn) = await SupervisorLook.AtAsync(paths, configuration, cancellation);
        var health = HealthFile.Read(paths);
        return new StatusReport(1, ProgramVersion.Text, configuration.Identity.Id, configuration.Identity.Groups)
        {
            Daemon = new DaemonStateFile(paths).Read(),
            LastRun = new ReportStore(StatePaths.Reports(paths, configuration)).Latest() is { } last ? InShort(last) : null,
            Playbooks = [.. store.Streams().Select(stream => StreamOf(store, stream))],
            Supervisor = supervisor,
            Failsafe = FailsafeMemory.Load(StatePaths.Failsafe(paths, configuration)).Deeds,
            SelfUpdate = GuardianRecord.Load(paths).ToStatus(),
            Host = health?.Json,
            HostInShort = health?.InShort,
            Keys = [.. keys.Keys.Select(key => new KeyStatus(key.Fingerprint, key.User, key.Expires, key.Revoked))],
            Warnings = [.. keys.Warnings, .. marks.Warnings, .. torn, .. health?.Warnings ?? [], .. configuration.Notices],
        };
    }

    private static LastRunStatus InShort(RunReport report) =>
        new(report.Id, report.Command, report.Started, report.DurationSeconds, report.Status, [.. report.Documents.SelectMany(document => document.Failures)]);

    private static StreamStatus StreamOf(PlaybookStore store, string stream)
    {
        var record = store.Record(stream);
        var status = new StreamStatus(stream)
        {
            Applied = record.Applied?.At,
            AppliedStatus = record.Applied?.Status,
            Refused = record.Refused is { } refused ? new RefusedStatus(refused.At, refused.Status, refused.Reason) : null,
        };
        return store.Accepted(stream) is { IsSuccess: true, Value: { } accepted }
            ? status with
            {
                Serial = accepted.Serial,
                Sha256 = accepted.Sha256,
                Signer = accepted.Signer,
                Expires = accepted.Expires,
                Accepted = accepted.Accepted,
            }
            : status;
    }
}
