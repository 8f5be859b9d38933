using System.CommandLine;
using System.CommandLine.Invocation;
using Gateway.Core.Reports;
using Gateway.HostController.Commands;

namespace Gateway.HostController;

internal static class Program
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(75);

    private static async Task<int> Main(string[] arguments)
    {
        var global = new GlobalOptions();
        var root = new RootCommand(
            "Keeps this gateway as a signed playbook says: fetches it, verifies it, applies it.\n\n"
            + "Exit status: 0 applied or nothing to do; 2 a task failed; 3 refused (signature, serial, expiry, target, module not allowed); "
            + "4 the document does not parse; 5 it could not be fetched; 1 anything else.")
        {
            DaemonCommand.Create(global),
            RunCommand.Create(global),
            ApplyCommand.Create(global),
            VerifyCommand.Create(global),
            StatusCommand.Create(global),
            CompletionCommand.Create(),
            RollbackCommand.Create(global),
            DoctorCommand.Create(global),
        };
        foreach (var option in global.All)
        {
            root.Add(option);
        }

        var line = root.Parse(arguments);
        if (line.Errors.Count > 0 && line.Action is ParseErrorAction)
        {
            await Console.Error.WriteLineAsync($"host-controller: {OneLine.Of(string.Join("; ", line.Errors.Select(error => error.Message)))} (host-controller --help shows how)");
            return (int)ExitStatus.Other;
        }

        return await RunAsync(line);
    }

    private static async Task<int> RunAsync(ParseResult line)
    {
        try
        {
            // SIGTERM and SIGINT cancel; what is under way gets time to end in a consistent state.
            return await line.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = LongestStop });
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("host-controller: stopped before the end");
            return (int)ExitStatus.Other;
        }
        catch (Exception bug)
        {
            await Console.Error.WriteLineAsync($"host-controller: failed unexpectedly, please report this: {OneLine.Of(bug.ToString())}");
            return (int)ExitStatus.Other;
        }
    }
}
