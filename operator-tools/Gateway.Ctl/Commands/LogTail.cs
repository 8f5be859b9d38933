using System.Text;
using Gateway.Core.Reports;
using Gateway.Ctl.Broker;

namespace Gateway.Ctl.Commands;

/// <summary>Shows the lines that a <c>logs</c> command asked for.</summary>
internal static class LogTail
{
    /// <summary>What the gateway sends last.</summary>
    private const string End = "[gateway] the lease has ended";
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    /// <summary>The topic the lines come on; null for other commands.</summary>
    public static string? Topic(string gateway, CommandPayload command)
    {
        var members = command.Members.ToDictionary(static member => member.Key, static member => member.Value, StringComparer.Ordinal);
        return command.Word == "logs" ? Topics.Log(gateway, members["application"], members["service"]) : null;
    }

    /// <summary>Until the lease ends, or the operator has seen enough.</summary>
    public static async Task ShowAsync(Shell shell, BrokerClient broker, string topic, CancellationToken cancellation)
    {
        while (true)
        {
            if (await broker.NextAsync(Tick, cancellation) is not { } message || message.Topic != topic)
            {
                continue;
            }

            foreach (var line in Encoding.UTF8.GetString(message.Payload.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                // What a container writes must not move an operator's cursor.
                shell.Terminal.Out.WriteLine(OneLine.Of(line));
                if (line == End)
                {
                    return;
                }
            }
        }
    }
}
