using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Gateway.Core.Processes;
using Gateway.Core.Reports;
using Gateway.HostController.Logging;
using Gateway.HostController.Run.Journal;
using Gateway.Playbooks.Modules;
using Serilog;

namespace Gateway.HostController.Reboots;

/// <summary>Stops runs for reboots and goes on with them after the boot. What it decides is on the disk before it is done.</summary>
internal sealed class RebootDesk(HostPaths paths, RebootStore store, TimeProvider clock, ILogger log)
{
    /// <summary>The command line of an <c>apply</c> that waits to go on since another boot; null for none.</summary>
    public ImmutableArray<string>? WaitingApply() =>
        store.Load() is { IsSuccess: true, Value.Pending: { Run.Arguments: { IsEmpty: false } arguments } pending } && pending.BootId != BootId ? arguments : null;

    /// <summary>Whether the playbook in force on a stream stopped for a reboot: then it is due, whatever else is said.</summary>
    public bool IsWaiting(RunKey run) => store.Load() is { IsSuccess: true, Value.Pending: { } pending } && pending.Run == run;

    /// <summary>Begins a run, where it stopped if it did; a failure when its boot came to nothing, again and again.</summary>
    public async Task<Result<ResumableRun>> BeginAsync(RunKey run, CancellationToken cancellation)
    {
        if (!store.Load().TryGet(out var record, out var failures))
        {
            return failures;
        }

        var (next, verdict) = RebootMachine.Begin(record, run, BootId);
        if (!store.Save(next).TryGet(out _, out failures))
        {
            return failures;
        }

        switch (verdict)
        {
            case RebootVerdict.Resume:
                return await ResumeAsync(next.Pending!, cancellation);
            case RebootVerdict.RebootAgain:
                log.Warning("a playbook asked for a reboot that never came: asking again");
                return new Failure(Phase.Apply, run.Stream, await BootAsync("", next.Pending!.Timeout, cancellation), Retryable: true);
            case RebootVerdict.NeverBooted:
                return new Failure(Phase.Apply, run.Stream, $"the machine was asked {RebootMachine.MostAttempts} times to reboot and did not; the playbook is applied from its beginning next time", Retryable: true);
            case RebootVerdict.CutOff:
                return new Failure(Phase.Apply, run.Stream, $"going on after a reboot was cut off {RebootMachine.MostAttempts} times; the playbook is applied from its beginning next time", Retryable: true);
            case RebootVerdict.Superseded:
                log.Warning("{Stream}: a playbook that stopped for a reboot is not gone on with: it has changed, or was started in another way", run.Stream);
                break;
        }

        return New(run, []);
    }

    /// <summary>A run ended.</summary>
    public void End(RunKey run, ResumableRun resumable)
    {
        if (store.Load().TryGet(out var record, out var failures) && store.Save(RebootMachine.End(record, run, resumable.HasAsked)).TryGet(out _, out failures))
        {
            return;
        }

        log.Failure(failures[0]);
    }

    private async Task<Result<ResumableRun>> ResumeAsync(PendingReboot pending, CancellationToken cancellation)
    {
        log.Information("{Stream}: the machine has booted, the playbook goes on", pending.Run.Stream);
        try
        {
            var entries = JournalCodec.Read(pending.Journal);
            await Task.Delay(pending.Pause, clock, cancellation);
            return New(pending.Run, [.. entries[..^1], Elapsed(entries[^1], clock.GetUtcNow() - pending.AskedAt)]);
        }
        catch (JsonException wrong)
        {
            return new Failure(Phase.Observe, pending.Run.Stream, $"what was kept over the reboot cannot be read: {SystemErrors.Text(wrong)}");
        }
    }

    /// <summary>The task that asked now knows how long it took; not so when the clock was set meanwhile.</summary>
    private static JournalEntry Elapsed(JournalEntry entry, TimeSpan took)
    {
        if (took < TimeSpan.Zero || took > TimeSpan.FromDays(1) || entry.Outcome is not { } outcome || !outcome.Result.TryGet("elapsed", out _))
        {
            return entry;
        }

        var result = outcome.Result.With("elapsed", (long)took.TotalSeconds);
        return entry with { Outcome = outcome with { Result = result, Shown = outcome.IsCensored ? outcome.Shown : result } };
    }

    private ResumableRun New(RunKey run, ImmutableArray<JournalEntry> before) =>
        new(before, (reboot, entries, progress, cancellation) => RebootAsync(run, reboot, entries, progress, cancellation));

    private async Task<string> RebootAsync(RunKey run, Reboot reboot, ImmutableArray<JournalEntry> entries, Action<string> progress, CancellationToken cancellation)
    {
        var journal = JournalCodec.Write(entries);
        if (journal.Length > RebootStore.LargestJournal)
        {
            return $"the run registered more than {RebootStore.LargestJournal / 1024 / 1024} MiB, which cannot be kept over a reboot";
        }

        if (reboot.Delay > TimeSpan.Zero)
        {
            progress(string.Create(CultureInfo.InvariantCulture, $"the machine reboots in {reboot.Delay.TotalSeconds:0} s"));
            await Task.Delay(reboot.Delay, clock, cancellation);
        }

        var wanted = new PendingReboot(run, RebootPhase.Rebooting, BootId, 1, clock.GetUtcNow(), reboot.Pause, reboot.Timeout, journal);
        if (!store.Load().TryGet(out var record, out var failures))
        {
            return failures[0].ToString();
        }

        if (RebootMachine.Ask(record, wanted) is not { } next)
        {
            return $"this playbook has rebooted the machine {RebootMachine.MostReboots} times without a run that needed none: a boot loop ends here; give the task a condition";
        }

        if (!store.Save(next).TryGet(out _, out failures))
        {
            return $"the machine is not rebooted, because the run could not be kept: {failures[0]}";
        }

        log.Warning("{Stream}: a task reboots the machine", run.Stream);
        progress("the machine reboots; the playbook goes on after the boot");
        var why = await BootAsync(reboot.Message, reboot.Timeout, cancellation);
        store.Save(next with { Pending = null });
        return why;
    }

    /// <summary>Asks systemd for the reboot and waits for the end, which comes as a cancellation; else says why it did not come.</summary>
    private async Task<string> BootAsync(string message, TimeSpan timeout, CancellationToken cancellation)
    {
        ImmutableArray<string> arguments = message.Length == 0 ? ["reboot"] : [$"--message={OneLine.Of(message)}", "reboot"];
        var asked = await ProcessRunner.RunAsync(new ProcessRequest(paths.On("/usr/bin/systemctl"), arguments), cancellation);
        if (!asked.IsSuccess)
        {
            return $"the machine could not be rebooted: systemctl ended with status {asked.ExitCode}: {OneLine.Of(asked.StandardError)}";
        }

        await Task.Delay(timeout, clock, cancellation);
        return string.Create(CultureInfo.InvariantCulture, $"the machine was asked to reboot and is still up after {timeout.TotalSeconds:0} s");
    }

    /// <summary>The kernel's id of this boot (random(4)).</summary>
    private string BootId { get; } = ReadBootId(paths.On("/proc/sys/kernel/random/boot_id"));

    private static string ReadBootId(string file)
    {
        try
        {
            return File.ReadAllText(file).Trim();
        }
        catch (IOException)
        {
            // Nothing to tell boots apart by: after a few attempts the playbook begins anew.
            return "";
        }
    }
}
