using System.CommandLine;
using Gateway.HostController.Configuration;
using Gateway.HostController.Logging;
using Serilog.Core;
using Serilog.Events;

namespace Gateway.HostController.Commands;

/// <summary>The options every command has.</summary>
internal sealed class GlobalOptions
{
    private readonly Option<string?> config = new("--config")
    {
        Description = "Read FILE instead of /etc/gateway/host-controller.yaml.",
        HelpName = "FILE",
        Recursive = true,
    };

    private readonly Option<bool> verbose = new("--verbose", "-v")
    {
        Description = "Say more of what is done.",
        Recursive = true,
    };

    private readonly Option<string?> root = new("--root")
    {
        Description = "Put DIR before every absolute path that the program chooses, or that its configuration or a playbook names (for tests and images).",
        HelpName = "DIR",
        Recursive = true,
    };

    /// <summary>To be added to the root command.</summary>
    public IEnumerable<Option> All => [config, verbose, root];

    public HostPaths Paths(ParseResult line) => new(line.GetValue(root));

    public ConfigurationSource Configuration(ParseResult line) => line.GetValue(config) is { } file
        ? new(file, copy: null)
        : new(Paths(line).Configuration, Paths(line).LastGoodConfiguration);

    /// <summary>The same options as words of a command line.</summary>
    public IEnumerable<string> Again(ParseResult line) =>
    [
        .. line.GetValue(config) is { } file ? (ReadOnlySpan<string>)["--config", Path.GetFullPath(file)] : [],
        .. line.GetValue(root) is { } folder ? (ReadOnlySpan<string>)["--root", Path.GetFullPath(folder)] : [],
        .. IsVerbose(line) ? (ReadOnlySpan<string>)["--verbose"] : [],
    ];

    public bool IsVerbose(ParseResult line) => line.GetValue(verbose);

    /// <summary>A log from <paramref name="least"/> on, or from debug on with <c>--verbose</c>.</summary>
    public Logger Log(ParseResult line, LogEventLevel least) => Logs.Create(IsVerbose(line) ? LogEventLevel.Debug : least);
}
