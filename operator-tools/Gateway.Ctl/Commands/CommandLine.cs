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
            shell.Terminal.Error.WriteLine(OneLine.Of($"gatewayctl: {Complaint(line)}; see gatewayctl {command}--help"));
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

    /// <summary>A word that is not known explains more than what is missing because of it.</summary>
    private static string Complaint(ParseResult line) => line.UnmatchedTokens switch
    {
        [var word, ..] when word.StartsWith('-') => $"there is no option '{word}'",
        [var word, ..] when line.CommandResult.Command.Subcommands.Count > 0 => $"there is no command '{word}'",
        [var word, ..] => $"'{word}' is one argument too many",
        _ => line.Errors[0].Message.TrimEnd('.'),
    };

    /// <summary>The commands.</summary>
    public static RootCommand Make(Shell shell)
    {
        var root = new RootCommand("Author, sign, publish and watch releases for IoT gateways.")
        {
            shell.Config,
            KeygenCommand.Make(shell),
            LintCommand.Make(shell),
            BundleCommand.Make(shell),
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
