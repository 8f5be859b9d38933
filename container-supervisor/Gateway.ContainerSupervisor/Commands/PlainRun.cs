using System.Runtime.InteropServices;
using Gateway.ContainerSupervisor.Configuration;

namespace Gateway.ContainerSupervisor.Commands;

/// <summary>
/// <c>run</c> without the parser of command lines, which would stay in memory for as long as the supervisor runs. Any
/// other spelling goes through the parser and means the same.
/// </summary>
internal static class PlainRun
{
    /// <summary>What is asked for by a command line of <c>run</c>, <c>--config FILE</c> and <c>--verbose</c> alone, or by none; else null.</summary>
    public static (string Configuration, bool Verbose)? Request(ReadOnlySpan<string> arguments)
    {
        var (file, verbose) = (SupervisorConfiguration.DefaultFile, false);
        while (!arguments.IsEmpty)
        {
            switch (arguments)
            {
                case ["run", ..]:
                    arguments = arguments[1..];
                    break;
                case ["--verbose", ..]:
                    verbose = true;
                    arguments = arguments[1..];
                    break;
                case ["--config", var given, ..] when !given.StartsWith('-'):
                    file = given;
                    arguments = arguments[2..];
                    break;
                default:
                    return null;
            }
        }

        return (file, verbose);
    }

    /// <summary>Runs until SIGTERM or SIGINT; what is under way then gets so much time to end in a consistent state.</summary>
    public static async Task<int> RunAsync(string configuration, bool verbose, TimeSpan longestStop)
    {
        using var ending = new CancellationTokenSource();
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, End);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, End);
        var work = RunCommand.RunAsync(ConfigurationReader.ReadFile(configuration), verbose, ending.Token);
        var asked = new TaskCompletionSource();
        using var registration = ending.Token.Register(asked.SetResult);
        await Task.WhenAny(work, asked.Task);
        return await work.WaitAsync(ending.IsCancellationRequested ? longestStop : Timeout.InfiniteTimeSpan);

        void End(PosixSignalContext context)
        {
            context.Cancel = true;
            ending.Cancel();
        }
    }
}
