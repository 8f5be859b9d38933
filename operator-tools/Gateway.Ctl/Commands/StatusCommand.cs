using System.CommandLine;
using Gateway.Core.Reports;
using Gateway.Ctl.Broker;
using Gateway.Ctl.Output;
using Gateway.Ctl.Settings;

namespace Gateway.Ctl.Commands;

/// <summary><c>status</c>: what gateways last reported.</summary>
internal static class StatusCommand
{
    public static Command Make(Shell shell)
    {
        var gateway = new Option<string?>("--gateway") { Description = "one gateway, in detail", HelpName = "ID" };
        var output = new Option<string>("--output") { Description = "text or json", HelpName = "FORM", DefaultValueFactory = _ => "text" };
        output.AcceptOnlyFromAmong("text", "json");
        var connection = new ConnectionOptions();
        var command = new Command("status", "Show what gateways last reported; those that are away too.") { gateway, output };
        connection.AddTo(command);
        ExamplesHelp.AddTo(command, "gatewayctl status", "gatewayctl status --gateway gw-0042", "gatewayctl status --output json | jq '.[] | select(.presence != \"online\") | .gateway'");
        command.Does((line, cancellation) =>
            RunAsync(shell, shell.Settings(line, connection.Of(line)), line.GetValue(gateway), line.GetValue(output) == "json", cancellation));
        return command;
    }

    private static async Task<ExitStatus> RunAsync(
        Shell shell, Result<CtlSettings> settings, string? gateway, bool asJson, CancellationToken cancellation)
    {
        if (gateway is not null && Topics.Wrong(gateway) is { } notATopic)
        {
            return shell.Terminal.Fail(new Failure(Phase.Configuration, "--gateway", notATopic));
        }

        if (!settings.TryGet(out var given, out var wrong)
            || !(await BrokerClient.ConnectAsync(given, cancellation)).TryGet(out var broker, out wrong))
        {
            return shell.Terminal.Fail(wrong);
        }

        await using (broker)
        {
            return (await Fleet.SubscribeAsync(broker, gateway, cancellation)).TryGet(out var fleet, out wrong)
                ? Show(shell, given, [.. fleet.Members.Values], gateway, asJson)
                : shell.Terminal.Fail(wrong);
        }
    }

    private static ExitStatus Show(Shell shell, CtlSettings settings, Fleet.Member[] members, string? gateway, bool asJson)
    {
        if (gateway is not null && members.Length == 0)
        {
            return shell.Terminal.Fail(new Failure(Phase.Fetch, gateway, $"has never reported to {settings.Broker}; check the id, and its connection"));
        }

        if (asJson)
        {
            shell.Terminal.Out.WriteLine(StatusJson.Write(members, single: gateway is not null));
        }
        else if (gateway is not null)
        {
            StatusText.WriteOne(shell.Terminal, members[0]);
        }
        else
        {
            StatusText.WriteAll(shell.Terminal, members);
        }

        return ExitStatus.Done;
    }
}
