using Gateway.Core.Reports;
using Serilog;
using Serilog.Core;
using Serilog.Events;

namespace Gateway.HostController.Logging;

/// <summary>The log: lines on stderr, which is the journal under systemd.</summary>
internal static class Logs
{
    /// <summary>A log from a level on.</summary>
    public static Logger Create(LogEventLevel least) => new LoggerConfiguration()
        .MinimumLevel.Is(least)
        .WriteTo.Console(new LineFormatter(IsJournal), standardErrorFromLevel: LogEventLevel.Verbose)
        .CreateLogger();

    /// <summary>Writes a failure as one line.</summary>
    public static void Failure(this ILogger log, Failure failure) => log.Error("{Failure}", failure.ToString());

    private static bool IsJournal => Environment.GetEnvironmentVariable("JOURNAL_STREAM") is { Length: > 0 };
}
