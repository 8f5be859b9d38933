using System.CommandLine;
using Gateway.HostController.Cycle;
using Gateway.HostController.Run;
using Serilog.Events;

namespace Gateway.HostController.Commands;

/// <summary><c>run</c>: one cycle now.</summary>
internal static class RunCommand
{
    public static Command Create(GlobalOptions global)
    {
        var force = new Option<bool>("--force") { Description = "Apply the playbook again whatever 'reapply' says." };
        var command = new Command("run", "Fetch, verify and apply the playbook once, now; the schedule, start_delay and jitter are left aside. "
            + "When the playbook that was fetched is refused, or none can be fetched, the one in force is applied again when it is due, and the exit status tells about the refusal.")
        { force };
        command.SetAction((line, cancellation) => RunAsync(global, line, line.GetValue(force), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(GlobalOptions global, ParseResult line, bool force, CancellationToken cancellation)
    {
        var source = global.Configuration(line);
        if (!source.Load().TryGet(out var configuration, out var failures) || !source.UrlOf(configuration).TryGet(out var url, out failures))
        {
            return Complaints.Print(failures);
        }

        using var log = global.Log(line, LogEventLevel.Information);
        foreach (var notice in configuration.Notices)
        {
            log.Warning("{Notice}", notice);
        }

        var host = new CycleHost(global.Paths(line), TimeProvider.System, log);
        return (int)await host.RunAsync(configuration, url, "run", force, NoObserver.Instance, cancellation);
    }
}

/// <summary>Listens to nothing.</summary>
internal sealed class NoObserver : IRunObserver
{
    public static NoObserver Instance { get; } = new();
}
