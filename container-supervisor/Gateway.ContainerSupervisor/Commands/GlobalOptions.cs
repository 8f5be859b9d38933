using System.Collections.Immutable;
using System.CommandLine;
using Gateway.ContainerSupervisor.Configuration;
using Gateway.Core.Reports;

namespace Gateway.ContainerSupervisor.Commands;

/// <summary>The options every command has.</summary>
internal sealed class GlobalOptions
{
    private readonly Option<string> config = new("--config")
    {
        Description = $"Read FILE instead of {SupervisorConfiguration.DefaultFile}.",
        HelpName = "FILE",
        Recursive = true,
        DefaultValueFactory = _ => SupervisorConfiguration.DefaultFile,
    };

    private readonly Option<bool> verbose = new("--verbose", "-v")
    {
        Description = "Say more of what is done.",
        Recursive = true,
    };

    /// <summary>To be added to the root command.</summary>
    public IEnumerable<Option> All => [config, verbose];

    public Result<SupervisorConfiguration> Configuration(ParseResult line) => ConfigurationReader.ReadFile(ConfigurationFile(line));

    public string ConfigurationFile(ParseResult line) => line.GetValue(config)!;

    public bool IsVerbose(ParseResult line) => line.GetValue(verbose);

    /// <summary>Prints what went wrong, one line each; the exit status for it.</summary>
    public static async Task<int> ComplainAsync(ImmutableArray<Failure> failures)
    {
        foreach (var failure in failures)
        {
            await Console.Error.WriteLineAsync($"container-supervisor: {failure}");
        }

        return (int)ExitStatuses.Of(failures);
    }
}
