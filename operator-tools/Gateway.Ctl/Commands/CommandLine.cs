using System.CommandLine;
using System.CommandLine.Invocation;
using Gateway.Core.Reports;

namespace Gateway.Ctl.Commands;

/// <summary>The whole command line.</summary>
internal static class CommandLine
{
    private const int Interrupted = 130;

    /// <summary>Runs one command; gives the exit status.</summary>
    public static async Task<int> RunAsync(string[] arguments, Shell shell, CancellationToken cancellation = default)
    {
        var line = Make(shell).Parse(arguments);
        if (line.Action is ParseErrorAction && line.Errors.Count > 0)
        {
            var command = line.CommandResult.Command is RootCommand ? "" : $"{line.CommandResult.Command.Name} ";
            shell.Terminal.Error.WriteLine(OneLine.Of($"gatewayctl: {line.Errors[0].Message.TrimEnd('.')}; see gatewayctl {command}--help"));
            return (int)ExitStatus.Other;
        }

        try
        {
            return await line.InvokeAsync(
                new InvocationConfiguration { Output = shell.Terminal.Out, Error = shell.Terminal.Error, EnableDefaultExceptionHandler = false },
                cancellation);
        }
        catch (OperationCanceledException)
        {
            return Interrupted;
        }
    }

    /// <summary>The commands.</summary>
    public static RootCommand Make(Shell shell)
    {
        var root = new RootCommand("Author, sign, publish and watch releases for IoT gateways.")
        {
            shell.Config,
            KeygenCommand.Make(shell),
            LintCommand.Make(shell),
            ReleaseCommand.Make(shell),
            SignCommand.Make(shell),
            VerifyCommand.Make(shell),
            PublishCommand.Make(shell),
            StatusCommand.Make(shell),
            WatchCommand.Make(shell),
            SendCommand.Make(shell),
            CompletionCommand.Make(shell),
        };
        return root;
    }

    /// <summary>Runs a command's body and turns its status into the process's.</summary>
    public static void Does(this Command command, Func<ParseResult, CancellationToken, Task<ExitStatus>> body) =>
        command.SetAction(async (line, cancellation) => (int)await body(line, cancellation));
}
