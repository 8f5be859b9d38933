using System.CommandLine;
using Gateway.ContainerSupervisor.Configuration;
using Gateway.ContainerSupervisor.Logging;
using Gateway.ContainerSupervisor.Running;
using Gateway.Core.Reports;

namespace Gateway.ContainerSupervisor.Commands;

/// <summary><c>run</c>, the default: keeps the containers as the desired state says.</summary>
internal static class RunCommand
{
    public static Command Create(GlobalOptions global)
    {
        var command = new Command("run", "Keep this gateway's containers as the signed desired state says. The default.");
        command.SetAction((line, cancellation) => RunAsync(global, line, cancellation));
        return command;
    }

    public static Task<int> RunAsync(GlobalOptions global, ParseResult line, CancellationToken cancellation) =>
        RunAsync(global.Configuration(line), global.IsVerbose(line), cancellation);

    /// <summary>Runs until cancelled.</summary>
    public static async Task<int> RunAsync(Result<SupervisorConfiguration> read, bool verbose, CancellationToken cancellation)
    {
        if (!read.TryGet(out var configuration, out var wrong))
        {
            return await GlobalOptions.ComplainAsync(wrong);
        }

        if (!InstanceLock.Take(configuration.StateDirectory).TryGet(out var held, out wrong))
        {
            return await GlobalOptions.ComplainAsync(wrong);
        }

        using var one = held;
        await using var log = Logs.Create(verbose);
        log.Information("container-supervisor {Version}, gateway {Gateway}", ProgramVersion.Text, configuration.Identity.Id);
        foreach (var notice in configuration.Notices)
        {
            log.Warning("{Notice}", notice);
        }

        await using var supervisor = new Supervisor(configuration, log);
        var ended = await supervisor.RunAsync(cancellation);
        if (!ended.IsSuccess)
        {
            return await GlobalOptions.ComplainAsync(ended.Failures);
        }

        log.Information("Ended as asked; the containers go on");
        return (int)ExitStatus.Done;
    }
}
