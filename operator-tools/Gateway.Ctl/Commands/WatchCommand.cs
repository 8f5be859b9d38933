using System.CommandLine;
using Gateway.Core.Reports;
using Gateway.Ctl.Broker;
using Gateway.Ctl.Settings;

namespace Gateway.Ctl.Commands;

/// <summary><c>watch</c>: what changes, as gateways report it, one line each.</summary>
internal static class WatchCommand
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(5);

    public static Command Make(Shell shell)
    {
        var gateway = new Option<string?>("--gateway") { Description = "only this gateway", HelpName = "ID" };
        var connection = new ConnectionOptions();
        var command = new Command("watch", "Show what gateways report, as it comes, until interrupted.") { gateway };
        connection.AddTo(command);
        ExamplesHelp.AddTo(command, "gatewayctl watch", "gatewayctl watch --gateway gw-0042");
        command.Does((line, cancellation) => RunAsync(shell, shell.Settings(line, connection.Of(line)), line.GetValue(gateway), cancellation));
        return command;
    }

    private static async Task<ExitStatus> RunAsync(Shell shell, Result<CtlSettings> settings, string? gateway, CancellationToken cancellation)
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
            if (!(await Fleet.SubscribeAsync(broker, gateway, cancellation)).TryGet(out var fleet, out wrong))
            {
                return shell.Terminal.Fail(wrong);
            }

            foreach (var member in fleet.Members.Values)
            {
                Tell(shell, null, member);
            }

            await FollowAsync(shell, broker, fleet, cancellation);
            return ExitStatus.Done;
        }
    }

    private static async Task FollowAsync(Shell shell, BrokerClient broker, Fleet fleet, CancellationToken cancellation)
    {
        Failure? lost = null;
        while (!cancellation.IsCancellationRequested)
        {
            if (await broker.NextAsync(Tick, cancellation) is { } message && fleet.Take(message) is { } change)
            {
                Tell(shell, change.Before, change.Now);
            }

            if (broker.Lost is { } now && now != lost)
            {
                shell.Terminal.Note($"{now}; trying again");
            }

            lost = broker.Lost;
        }
    }

    private static void Tell(Shell shell, Fleet.Member? before, Fleet.Member now)
    {
        var time = shell.Clock.GetLocalNow().ToString("HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);
        if (before?.Presence != now.Presence)
        {
            shell.Terminal.Out.WriteLine($"{time} {now.Id} {now.Presence}");
        }

        foreach (var line in now.Status is { } status && !ReferenceEquals(status, before?.Status) ? StatusChanges.Between(before?.Status, status) : [])
        {
            shell.Terminal.Out.WriteLine($"{time} {now.Id} {line}");
        }
    }
}
