using System.CommandLine;
using System.CommandLine.Invocation;
using Gateway.ContainerSupervisor.Commands;
using Gateway.ContainerSupervisor.Configuration;
using Gateway.ContainerSupervisor.Running;
using Gateway.Core.Reports;

namespace Gateway.ContainerSupervisor;

internal static class Program
{
    private static readonly TimeSpan LongestStop = TimeSpan.FromSeconds(20);

    private static async Task<int> Main(string[] arguments)
    {
        if (HealthProbe.PlainRequest(arguments) is { } file)
        {
            return HealthCommand.Run(file);
        }

        return PlainRun.Request(arguments) is { } run
            ? await GuardedAsync(() => PlainRun.RunAsync(run.Configuration, run.Verbose, LongestStop))
            : await ParseAsync(arguments);
    }

    private static async Task<int> ParseAsync(string[] arguments)
    {
        var global = new GlobalOptions();
        var root = new RootCommand(
            "Keeps this gateway's containers as a signed desired state says; it comes from the broker or from a file.\n\n"
            + "Exit status: 0 applied, healthy, or nothing to do; 2 an application could not be brought up; 3 refused (signature, serial, expiry, target, policy); "
            + "4 the document does not parse; 1 anything else.")
        {
            RunCommand.Create(global),
            ApplyCommand.Create(global),
            HealthCommand.Create(global),
            StatusCommand.Create(global),
            LockCommand.CreateLock(global),
            LockCommand.CreateUnlock(global),
        };
        foreach (var option in global.All)
        {
            root.Add(option);
        }

        root.SetAction((line, cancellation) => RunCommand.RunAsync(global, line, cancellation));
        var parsed = root.Parse(arguments);
        if (parsed.Errors.Count > 0 && parsed.Action is ParseErrorAction)
        {
            await Console.Error.WriteLineAsync($"container-supervisor: {OneLine.Of(string.Join("; ", parsed.Errors.Select(error => error.Message)))} (container-supervisor --help shows how)");
            return (int)ExitStatus.Other;
        }

        return await InvokeAsync(parsed);
    }

    /// <summary>SIGTERM and SIGINT cancel; what is under way gets time to end in a consistent state.</summary>
    private static Task<int> InvokeAsync(ParseResult line) =>
        GuardedAsync(() => line.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = LongestStop }));

    private static async Task<int> GuardedAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            await Console.Error.WriteLineAsync("container-supervisor: stopped before the end");
            return (int)ExitStatus.Other;
        }
        catch (Exception bug)
        {
            await Console.Error.WriteLineAsync($"container-supervisor: failed unexpectedly, please report this: {OneLine.Of(bug.ToString())}");
            return (int)ExitStatus.Other;
        }
    }
}
