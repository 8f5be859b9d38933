using System.CommandLine;
using System.Text.Json;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Gateway.Ctl.Broker;
using Gateway.Ctl.Documents;
using Gateway.Ctl.Settings;
using Gateway.Ctl.Signing;

namespace Gateway.Ctl.Commands;

/// <summary><c>command</c>: signs a command, sends it, and waits for the replies.</summary>
internal static class SendCommand
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static Command Make(Shell shell)
    {
        var word = new Argument<string>("NAME") { Description = "status, restart, join, leave, save, logs or reboot" };
        word.AcceptOnlyFromAmong("status", "restart", "join", "leave", "save", "logs", "reboot");
        var subject = new Argument<string?>("SUBJECT") { Description = "restart APP[/SERVICE], logs APP/SERVICE, join GROUP, leave GROUP", Arity = ArgumentArity.ZeroOrOne };
        var lease = new Option<string>("--lease") { Description = "how long logs are relayed", HelpName = "TIME", DefaultValueFactory = _ => "5m" };
        var connection = new ConnectionOptions();
        var destination = new DestinationOptions();
        var signing = new SigningOptions();
        var command = new Command("command", "Sign a command, send it to a gateway or a group, and show the replies; logs of one gateway are shown until the lease ends.") { word, subject, lease };
        destination.AddTo(command);
        signing.AddTo(command);
        connection.AddTo(command);
        ExamplesHelp.AddTo(command, "gatewayctl command restart metering/db --gateway gw-0042", "gatewayctl command join beta --gateway gw-0042", "gatewayctl command logs metering/db --gateway gw-0042 --lease 10m");
        command.Does((line, cancellation) =>
        {
            var name = line.GetRequiredValue(word);
            var settings = shell.Settings(line, connection.Of(line).Or(signing.Of(line)));
            return RunAsync(shell, settings, destination.Of(line), Payload(name, line.GetValue(subject), line.GetRequiredValue(lease)), cancellation);
        });
        return command;
    }

    private static Result<CommandPayload> Payload(string word, string? subject, string lease) =>
        CommandPayload.MembersOf(word, subject, lease) is { } members
            ? new CommandPayload($"ctl-{Guid.NewGuid():N}"[..20], word, members)
            : new Failure(Phase.Configuration, word, "takes: restart APP[/SERVICE], logs APP/SERVICE, join GROUP, leave GROUP; status, save and reboot take nothing");

    private static async Task<ExitStatus> RunAsync(
        Shell shell, Result<CtlSettings> settings, Result<Destination> destination, Result<CommandPayload> payload, CancellationToken cancellation)
    {
        if (!destination.TryGet(out var to, out var wrong)
            || !payload.TryGet(out var command, out wrong)
            || !settings.TryGet(out var given, out wrong))
        {
            return shell.Terminal.Fail(wrong);
        }

        var text = new SourceText("command", command.Write(to, shell.Now));
        if (!Linter.Lint(text).TryGet(out _, out wrong)
            || !(await SigningKeys.SignAsync(new Gpg(given.Home), given.SigningKey, $"command {command.Word}", text.Utf8, cancellation)).TryGet(out var signature, out wrong)
            || !(await BrokerClient.ConnectAsync(given, cancellation)).TryGet(out var broker, out wrong))
        {
            return shell.Terminal.Fail(wrong);
        }

        await using (broker)
        {
            return await SendAsync(shell, broker, to, command, Envelope.Seal(text.Utf8.Span, signature), cancellation);
        }
    }

    private static async Task<ExitStatus> SendAsync(
        Shell shell, BrokerClient broker, Destination to, CommandPayload command, byte[] envelope, CancellationToken cancellation)
    {
        var lines = to.IsGroup ? null : LogTail.Topic(to.Name, command);
        if ((lines is not null && !(await broker.SubscribeAsync(lines, cancellation)).TryGet(out _, out var wrong))
            || !(await Fleet.SubscribeAsync(broker, to.IsGroup ? null : to.Name, cancellation)).TryGet(out var fleet, out wrong)
            || !(await broker.SubscribeAsync(Topics.Reply(to.IsGroup ? "+" : to.Name, command.Id), cancellation)).TryGet(out _, out wrong)
            || !(await broker.PublishAsync(to.Command, envelope, retained: false, cancellation)).TryGet(out _, out wrong))
        {
            return shell.Terminal.Fail(wrong);
        }

        var waiting = fleet.Members.Values
            .Where(member => to.IsGroup ? member.IsOnline && member.Status?.Groups.Contains(to.Name) == true : member.Id == to.Name)
            .Select(member => member.Id)
            .Append(to.IsGroup ? null : to.Name)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);
        var began = shell.Clock.GetTimestamp();
        var worst = ExitStatus.Done;
        while (waiting.Count > 0 && shell.Clock.GetElapsedTime(began) < Patience)
        {
            if (await broker.NextAsync(TimeSpan.FromSeconds(1), cancellation) is { } message && Topics.ReplyOf(message.Topic, command.Id) is { } gateway)
            {
                waiting.Remove(gateway);
                worst = Tell(shell, gateway, message.Payload) ? worst : ExitStatus.NotApplied;
            }
        }

        foreach (var gateway in waiting)
        {
            shell.Terminal.Fail(new Failure(Phase.Fetch, gateway, $"gave no reply in {Patience.TotalSeconds} s; commands do not wait for a gateway that is away"));
        }

        if (waiting.Count > 0)
        {
            return ExitStatus.NoAnswer;
        }

        if (lines is not null && worst == ExitStatus.Done)
        {
            await LogTail.ShowAsync(shell, broker, lines, cancellation);
        }

        return worst;
    }

    private static bool Tell(Shell shell, string gateway, ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var reply = JsonDocument.Parse(payload, new JsonDocumentOptions { MaxDepth = 16 });
            var good = reply.RootElement.TryGetProperty("ok", out var ok) && ok.ValueKind == JsonValueKind.True;
            var said = reply.RootElement.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String ? message.GetString()! : "";
            shell.Terminal.Out.WriteLine(OneLine.Of($"{gateway}: {(good ? "done" : "refused")}{(said.Length == 0 ? "" : $": {said}")}"));
            return good;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            shell.Terminal.Out.WriteLine($"{gateway}: sent a reply that cannot be read");
            return false;
        }
    }
}
