using System.CommandLine;
using System.Text;
using System.Text.Json;
using Gateway.Core.Reports;
using Gateway.HostController.Doctor;

namespace Gateway.HostController.Commands;

/// <summary><c>doctor</c>: what a field engineer would ask, and whether this gateway is healthy.</summary>
internal static class DoctorCommand
{
    public static Command Create(GlobalOptions global)
    {
        var output = OutputOption.Create();
        var self = new Option<bool>("--self") { Description = "Only what this program answers for: settings, keys, state. For the guardian of an upgrade." };
        var command = new Command(
            "doctor",
            "Check this gateway and explain: configuration, keys, clock, disk, Docker, supervisor, packages, upgrades, the machine's health, and whether each configured service can be reached. "
            + "Exit status 0: healthy; 1: something is a problem. Changes nothing.") { output, self };
        command.SetAction((line, cancellation) => RunAsync(global, line, output.Get(line), line.GetValue(self), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(GlobalOptions global, ParseResult line, OutputForm output, bool self, CancellationToken cancellation)
    {
        var findings = await FindAsync(global, line, self, cancellation);
        var report = new DoctorReport(1, findings.TrueForAll(finding => finding.Verdict != Verdict.Problem), [.. findings]);
        await Console.Out.WriteLineAsync(output == OutputForm.Json ? JsonSerializer.Serialize(report, DoctorJson.Default.DoctorReport) : Text(report));
        return (int)(report.Healthy ? ExitStatus.Done : ExitStatus.Other);
    }

    private static async Task<List<Finding>> FindAsync(GlobalOptions global, ParseResult line, bool self, CancellationToken cancellation)
    {
        var paths = global.Paths(line);
        var source = global.Configuration(line);
        List<Finding> findings = [.. source.LoadAsNeeded().Failures.Select(failure => new Finding("configuration", Verdict.Problem, failure.ToString()))];
        if (!source.LoadToLook().TryGet(out var configuration, out _))
        {
            return findings;
        }

        findings.AddRange(await OwnChecks.RunAsync(paths, configuration, TimeProvider.System, cancellation));
        if (!self)
        {
            findings.AddRange(await MachineChecks.RunAsync(paths, configuration, cancellation));
            findings.AddRange(await ReachabilityChecks.RunAsync(paths, configuration, cancellation));
        }

        return findings;
    }

    private static string Text(DoctorReport report)
    {
        var text = new StringBuilder();
        foreach (var finding in report.Findings)
        {
            var mark = finding.Verdict switch { Verdict.Ok => "ok", Verdict.Warning => "warning", _ => "PROBLEM" };
            text.Append($"{mark,-8} {finding.Check,-20} {OneLine.Of(finding.Text)}\n");
        }

        return text.Append(report.Healthy ? "healthy" : "not healthy").ToString();
    }
}
