using Serilog;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.SystemConsole.Themes;

namespace Gateway.ContainerSupervisor.Logging;

/// <summary>The log: lines on standard output, where the engine keeps and bounds them.</summary>
internal static class Logs
{
    /// <param name="verbose">From debug on, else from information on.</param>
    /// <param name="toError">For commands whose standard output is their answer.</param>
    public static Logger Create(bool verbose, bool toError = false) => new LoggerConfiguration()
        .MinimumLevel.Is(verbose ? LogEventLevel.Debug : LogEventLevel.Information)
        .WriteTo.Console(
            outputTemplate: "{Timestamp:yyyy-MM-ddTHH:mm:ssK} {Level:u4} {Message:lj}{NewLine}{Exception}",
            theme: ConsoleTheme.None,
            standardErrorFromLevel: toError ? LogEventLevel.Verbose : null)
        .CreateLogger();
}
