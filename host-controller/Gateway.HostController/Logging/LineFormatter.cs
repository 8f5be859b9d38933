using Serilog.Events;
using Serilog.Formatting;

namespace Gateway.HostController.Logging;

/// <summary>
/// One event, one line. For the journal each line begins with its priority (<c>&lt;4&gt;</c>, sd-daemon(3)) and has no
/// time, which the journal adds; for people it has time and level.
/// </summary>
internal sealed class LineFormatter(bool forJournal) : ITextFormatter
{
    public void Format(LogEvent logEvent, TextWriter output)
    {
        if (forJournal)
        {
            output.Write($"<{Priority(logEvent.Level)}>");
        }
        else
        {
            output.Write($"{logEvent.Timestamp.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} {Name(logEvent.Level)} ");
        }

        // Literal strings: Serilog would put quotes around each.
        foreach (var token in logEvent.MessageTemplate.Tokens)
        {
            if (token is Serilog.Parsing.PropertyToken property
                && logEvent.Properties.TryGetValue(property.PropertyName, out var value)
                && value is ScalarValue { Value: string text })
            {
                output.Write(text);
            }
            else
            {
                token.Render(logEvent.Properties, output);
            }
        }

        if (logEvent.Exception is { } exception)
        {
            output.Write($": {Gateway.Core.Reports.OneLine.Of(exception.ToString())}");
        }

        output.Write('\n');
    }

    private static int Priority(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal => 2,
        LogEventLevel.Error => 3,
        LogEventLevel.Warning => 4,
        LogEventLevel.Information => 6,
        _ => 7,
    };

    private static string Name(LogEventLevel level) => level switch
    {
        LogEventLevel.Fatal or LogEventLevel.Error => "error",
        LogEventLevel.Warning => "warning",
        LogEventLevel.Information => "info",
        _ => "debug",
    };
}
