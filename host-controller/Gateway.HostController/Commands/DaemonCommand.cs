using System.CommandLine;
using Gateway.HostController.Schedule;
using Serilog.Events;

namespace Gateway.HostController.Commands;

/// <summary><c>daemon</c>: cycles on the schedule.</summary>
internal static class DaemonCommand
{
    public static Command Create(GlobalOptions global)
    {
        var command = new Command("daemon", "Run cycles on the schedule until stopped; for the systemd unit. Opens no port.");
        command.SetAction((line, cancellation) => RunAsync(global, line, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(GlobalOptions global, ParseResult line, CancellationToken cancellation)
    {
        var source = global.Configuration(line);
        // One that somebody broke must not take the failsafe along.
        if (!source.LoadOrKept().TryGet(out var configuration, out var failures))
        {
            return Complaints.Print(failures);
        }

        using var log = global.Log(line, LogEventLevel.Information);
        foreach (var notice in configuration.Notices)
        {
            log.Warning("{Notice}", notice);
        }

        using var systemd = SystemdNotifier.Create(Environment.GetEnvironmentVariable);
        var daemon = new Daemon(global.Paths(line), source, systemd, TimeProvider.System, log)
        {
            ApplyAgain = (words, token) => ApplyCommand.AgainAsync(global, words, token),
        };
        await daemon.RunAsync(configuration, cancellation);
        return (int)ExitStatus.Done;
    }
}
