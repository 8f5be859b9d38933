using System.Collections.Immutable;
using Gateway.Core.Processes;
using Gateway.Core.Reports;

namespace Gateway.HostController.Failsafe;

/// <summary>Runs the system's own programs for the failsafe: never asking, bounded in time.</summary>
internal static class Tool
{
    private static readonly Dictionary<string, string?> Environment = new(StringComparer.Ordinal)
    {
        ["DEBIAN_FRONTEND"] = "noninteractive",
        ["NEEDRESTART_SUSPEND"] = "1",
        ["APT_LISTCHANGES_FRONTEND"] = "none",
        ["UCF_FORCE_CONFFOLD"] = "1",
        ["LC_ALL"] = "C.UTF-8",
        ["PATH"] = ProgramPath.Default,
    };

    /// <summary>What it said, or a failure with its last words.</summary>
    public static async Task<Result<string>> RunAsync(string program, ImmutableArray<string> arguments, TimeSpan longest, CancellationToken cancellation)
    {
        var outcome = await ProcessRunner.RunAsync(new ProcessRequest(program, arguments) { Environment = Environment, WorkingDirectory = "/", Timeout = longest }, cancellation);
        if (outcome.IsSuccess)
        {
            return outcome.StandardOutput;
        }

        var said = outcome.TimedOut ? $"was ended after {longest.TotalSeconds:0} s" : $"exit status {outcome.ExitCode}: {Tail(outcome.StandardError.Length > 0 ? outcome.StandardError : outcome.StandardOutput)}";
        return new Failure(Phase.Apply, $"{program} {string.Join(' ', arguments)}", OneLine.Of(said)) { Kind = outcome.ExitCode == ProcessOutcome.NotFound ? FailureKind.NotFound : FailureKind.Other };
    }

    private static string Tail(string text) => text.Length <= 600 ? text : text[^600..];
}
