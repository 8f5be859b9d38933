using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Gateway.Ctl.Commands;

/// <summary>A command's help with examples at its end.</summary>
internal sealed class ExamplesHelp(HelpAction help, string[] examples) : SynchronousCommandLineAction
{
    /// <inheritdoc/>
    public override bool ClearsParseErrors => true;

    /// <summary>Gives a command examples, one line each.</summary>
    public static void AddTo(Command command, params string[] examples)
    {
        var option = new HelpOption { Description = "show this help" };
        option.Action = new ExamplesHelp((HelpAction)option.Action!, examples);
        command.Add(option);
    }

    /// <inheritdoc/>
    public override int Invoke(ParseResult parseResult)
    {
        help.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        output.WriteLine("Examples:");
        foreach (var example in examples)
        {
            output.WriteLine($"  {example}");
        }

        return 0;
    }
}
