using System.CommandLine;
using Gateway.Core.Reports;
using Gateway.Ctl.Output;
using Gateway.Ctl.Settings;

namespace Gateway.Ctl.Commands;

/// <summary>What every command has around it.</summary>
/// <param name="Terminal">Where it writes.</param>
/// <param name="Environment">Gives a variable's value, or null.</param>
/// <param name="Clock">The time.</param>
internal sealed record Shell(Terminal Terminal, Func<string, string?> Environment, TimeProvider Clock)
{
    /// <summary><c>--config</c>, of every command.</summary>
    public Option<string?> Config { get; } = new("--config")
    {
        Description = "settings, instead of ~/.config/gatewayctl.yaml",
        HelpName = "FILE",
        Recursive = true,
    };

    /// <summary>The time.</summary>
    public DateTimeOffset Now => Clock.GetUtcNow();

    /// <summary>Settings of the options given, then of the environment, then of the file.</summary>
    public Result<CtlSettings> Settings(ParseResult line, CtlSettings options) =>
        SettingsReader.Read(line.GetValue(Config), Environment).Then<CtlSettings>(rest => options.Or(rest));
}
