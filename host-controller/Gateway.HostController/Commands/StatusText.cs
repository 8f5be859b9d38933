using System.Globalization;
using System.Text;
using Gateway.HostController.Reports;

namespace Gateway.HostController.Commands;

/// <summary>Prints a <see cref="StatusReport"/> for people.</summary>
internal static class StatusText
{
    private const int MostDeeds = 5;

    public static string Of(StatusReport report)
    {
        var text = new StringBuilder();
        Line(text, "gateway", report.Gateway + (report.Groups.IsEmpty ? "" : $" (groups: {string.Join(", ", report.Groups)})"));
        Line(text, "version", report.Version);
        Line(text, "daemon", report.Daemon is { } daemon
            ? $"process {daemon.Pid}, {(daemon.NextRun is { } next ? $"next cycle {Time(next)}" : "a cycle is under way")}"
            : "not running");
        Line(text, "last run", report.LastRun is { } last
            ? string.Create(CultureInfo.InvariantCulture, $"{Time(last.Started)} ({last.Command}), {last.DurationSeconds:0.0} s, status {last.Status}")
            : "never");
        foreach (var failure in report.LastRun?.Failures ?? [])
        {
            Line(text, "", failure);
        }

        foreach (var stream in report.Playbooks)
        {
            Stream(text, stream);
        }

        Supervisor(text, report.Supervisor);
        if (report.SelfUpdate is { } own)
        {
            Line(text, "upgrades", own.Phase == "idle" ? own.Last : $"{own.Candidate}: {own.Phase}; before: {own.Previous}");
            foreach (var failed in own.Failed)
            {
                Line(text, "", $"failed {Time(failed.At)}: {failed.Release}: {failed.Reason}");
            }
        }

        if (report.HostInShort is { } host)
        {
            Line(text, "host", host);
        }

        foreach (var deed in report.Failsafe.TakeLast(MostDeeds))
        {
            Line(text, "failsafe", $"{Time(deed.At)}: {deed.Symptom}: {deed.Remedy} {(deed.Worked ? "done" : "failed")}{(deed.Text.Length == 0 ? "" : $": {deed.Text}")}");
        }

        foreach (var key in report.Keys)
        {
            Line(text, "key", $"{key.Fingerprint} {key.User}, {(key.Revoked ? "REVOKED" : key.Expires is { } expires ? $"expires {Time(expires)}" : "does not expire")}");
        }

        foreach (var warning in report.Warnings)
        {
            Line(text, "warning", warning);
        }

        return text.ToString().TrimEnd();
    }

    private static void Supervisor(StringBuilder text, SupervisorStatus supervisor)
    {
        Line(text, "supervisor", supervisor.State == "unknown"
            ? $"{supervisor.Name}: not known: Docker does not answer"
            : $"{supervisor.Name}: {supervisor.State}{(supervisor.Health is null ? "" : $", {supervisor.Health}")}{(supervisor.Image is null ? "" : $", {supervisor.Image}")}");
        if (supervisor.Phase is not (null or "Idle"))
        {
            Line(text, "", $"an update is under way: {supervisor.Phase}");
        }

        if (supervisor.LastUpdate is { } last)
        {
            Line(text, "", $"{Time(last.At)}: {last.Text}");
        }

        foreach (var failed in supervisor.Failed)
        {
            Line(text, "", $"failed {Time(failed.At)}{(failed.Final ? "" : ", tried again")}: {failed.Release}: {failed.Reason}");
        }
    }

    private static void Stream(StringBuilder text, StreamStatus stream)
    {
        Line(text, stream.Stream, stream.Serial is { } serial
            ? $"serial {serial} in force, signed by {stream.Signer ?? "nobody"}, accepted {Time(stream.Accepted!.Value)}, expires {Time(stream.Expires!.Value)}"
            : "nothing accepted yet");
        if (stream.Applied is { } applied)
        {
            Line(text, "", $"applied {Time(applied)}, {(stream.AppliedStatus == 0 ? "all tasks done" : "a task failed")}");
        }

        if (stream.Refused is { } refused)
        {
            Line(text, "", $"refused since {Time(refused.At)}: {refused.Reason}");
        }
    }

    private static void Line(StringBuilder text, string name, string value) => text.Append($"{name,-12} {value}\n");

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
