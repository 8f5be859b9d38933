using System.Globalization;
using Gateway.Ctl.Broker;
using Gateway.Ctl.Documents;

namespace Gateway.Ctl.Output;

/// <summary>Statuses for people.</summary>
internal static class StatusText
{
    /// <summary>One line for each gateway.</summary>
    public static void WriteAll(Terminal terminal, IEnumerable<Fleet.Member> members)
    {
        var table = new Table("GATEWAY", "PRESENCE", "GROUPS", "DESIRED", "APPLICATIONS", "ERRORS", "REPORTED");
        foreach (var member in members)
        {
            table.Add(
                member.Id,
                member.Presence ?? "unknown",
                string.Join(",", member.Status?.Groups ?? []),
                Desired(member.Status),
                Applications(member.Status),
                Number(member.Status?.Errors.Length ?? 0),
                Time(member.Status));
        }

        table.Write(terminal);
    }

    /// <summary>One gateway with its services.</summary>
    public static void WriteOne(Terminal terminal, Fleet.Member member)
    {
        terminal.Out.WriteLine($"{member.Id}: {member.Presence ?? "unknown"}, reported {Time(member.Status)}");
        if (member.Status is not { } status)
        {
            return;
        }

        terminal.Out.WriteLine($"  supervisor {status.Supervisor ?? "?"}; groups: {(status.Groups.IsEmpty ? "none" : string.Join(", ", status.Groups))}");
        foreach (var (key, source) in status.Desired)
        {
            terminal.Out.WriteLine($"  desired state of {key}: {(source.Serial is { } serial ? $"serial {serial}, {source.State}" : "none")}");
            if (source.Refused is { } refused)
            {
                terminal.Out.WriteLine($"    {Core.Reports.OneLine.Of(StatusChanges.Refusal(refused))}");
            }
        }

        terminal.Out.WriteLine();
        WriteServices(terminal, status);
        foreach (var (name, application) in status.Applications.Where(application => application.Value.Reason is not null))
        {
            var until = application.Until is { } end ? $" (until {ReleaseCheck.Text(end)})" : "";
            terminal.Out.WriteLine(Core.Reports.OneLine.Of($"{name}: {application.Reason}") + until);
        }

        foreach (var held in status.Locks)
        {
            terminal.Out.WriteLine($"locked by {held}");
        }

        foreach (var error in status.Errors)
        {
            terminal.Out.WriteLine($"error: {error}");
        }
    }

    private static void WriteServices(Terminal terminal, StatusView status)
    {
        var table = new Table("APPLICATION", "VERSION", "STATE", "SERVICE", "CONTAINER", "HEALTH", "RESTARTS", "IMAGE");
        foreach (var (name, application) in status.Applications)
        {
            if (application.Services.IsEmpty)
            {
                table.Add(name, application.Version ?? "", application.State, "", "", "", "", "");
            }

            foreach (var (service, view) in application.Services)
            {
                table.Add(name, application.Version ?? "", application.State, service, view.Error ?? view.State, view.Health ?? "", Number(view.Restarts), Image(view.Image));
            }
        }

        table.Write(terminal);
    }

    private static string Desired(StatusView? status) => status is null ? "" : string.Join(" ", status.Desired.Select(source =>
        $"{source.Key}:{source.Value.Serial?.ToString(CultureInfo.InvariantCulture) ?? "none"}{(source.Value.State == "pending" ? "(pending)" : "")}{(source.Value.Refused is null ? "" : "(newer refused)")}"));

    private static string Applications(StatusView? status) => status is null ? "" : string.Join(" ", status.Applications.Select(application =>
        application.Value.State == "running" ? application.Key : $"{application.Key}({application.Value.State})"));

    /// <summary>A digest's first twelve characters are enough to tell images apart.</summary>
    private static string Image(string? image) =>
        image is not null && image.IndexOf("@sha256:", StringComparison.Ordinal) is var at and >= 0 && image.Length > at + 20 ? image[..(at + 20)] : image ?? "";

    private static string Time(StatusView? status) => status?.Time is { } time ? ReleaseCheck.Text(time) : "never";

    private static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
}
