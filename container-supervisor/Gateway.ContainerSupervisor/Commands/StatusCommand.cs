using System.CommandLine;
using System.Text;
using Gateway.ContainerSupervisor.Configuration;
using Gateway.ContainerSupervisor.Report;
using Gateway.Core.State;

namespace Gateway.ContainerSupervisor.Commands;

/// <summary><c>status</c>: the last status of the running supervisor, as it is published.</summary>
internal static class StatusCommand
{
    public static Command Create(GlobalOptions global)
    {
        var command = new Command("status", "Print the running supervisor's last status as JSON.");
        command.SetAction((line, _) => RunAsync(global, line));
        return command;
    }

    private static async Task<int> RunAsync(GlobalOptions global, ParseResult line)
    {
        if (!global.Configuration(line).TryGet(out var configuration, out var wrong))
        {
            return await GlobalOptions.ComplainAsync(wrong);
        }

        var file = StatusKeeper.FileOf(configuration);
        if (!AtomicFile.ReadIfThere(file, 16 * 1024 * 1024).TryGet(out var status, out wrong))
        {
            return await GlobalOptions.ComplainAsync(wrong);
        }

        if (status is null)
        {
            await Console.Error.WriteLineAsync($"container-supervisor: {file} is not there: is the supervisor running?");
            return (int)ExitStatus.Other;
        }

        await Console.Out.WriteLineAsync(Encoding.UTF8.GetString(status));
        return (int)ExitStatus.Done;
    }
}
