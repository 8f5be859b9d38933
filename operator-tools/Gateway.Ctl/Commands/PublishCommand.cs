using System.CommandLine;
using System.Text;
using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.Ctl.Broker;
using Gateway.Ctl.Documents;
using Gateway.Ctl.Settings;

namespace Gateway.Ctl.Commands;

/// <summary><c>publish</c>: a signed desired state to a gateway or a group, retained.</summary>
internal static class PublishCommand
{
    public static Command Make(Shell shell)
    {
        var file = new Argument<string>("FILE") { Description = "a signed desired state" };
        var signature = new Option<string?>("--signature") { Description = "its signature, instead of FILE.asc", HelpName = "FILE" };
        var trusted = new Option<string?>("--trusted") { Description = "verify against these keys first (GATEWAYCTL_TRUSTED)", HelpName = "DIR" };
        var force = new Option<bool>("--force") { Description = "publish even what gateways will refuse" };
        var wait = new Option<bool>("--wait") { Description = "follow it until it is applied, refused or rolled back" };
        var timeout = new Option<TimeSpan>("--timeout") { Description = "how long --wait waits: seconds, or like 10m", HelpName = "TIME", DefaultValueFactory = _ => TimeSpan.FromMinutes(10), CustomParser = Duration };
        var connection = new ConnectionOptions();
        var destination = new DestinationOptions();
        var command = new Command("publish", "Publish a signed desired state; the broker keeps it for gateways that are away.") { file, signature, trusted, force, wait, timeout };
        destination.AddTo(command);
        connection.AddTo(command);
        ExamplesHelp.AddTo(
            command,
            "gatewayctl publish desired.yaml --gateway gw-0042 --wait",
            "gatewayctl publish desired.yaml --group beta --broker broker.example.com:8883 --ca ca.pem --cert me.crt --key me.key");
        command.Does((line, cancellation) =>
        {
            var settings = shell.Settings(line, connection.Of(line) with { Trusted = line.GetValue(trusted) });
            var order = new Order(line.GetRequiredValue(file), line.GetValue(signature), line.GetValue(force), line.GetValue(wait) ? line.GetValue(timeout) : null);
            return RunAsync(shell, settings, destination.Of(line), order, cancellation);
        });
        return command;
    }

    private static TimeSpan Duration(System.CommandLine.Parsing.ArgumentResult result)
    {
        var text = result.Tokens.Count > 0 ? result.Tokens[0].Value : "";
        if (!Durations.TryParse(text, out var duration) || duration <= TimeSpan.Zero)
        {
            result.AddError($"'{text}' is not a duration: write seconds, or like 10m, 2h");
        }

        return duration;
    }

    private static async Task<ExitStatus> RunAsync(
        Shell shell, Result<CtlSettings> settings, Result<Destination> destination, Order order, CancellationToken cancellation)
    {
        if (!destination.TryGet(out var to, out var wrong)
            || !settings.TryGet(out var given, out wrong)
            || !DocumentFile.Read(order.File).TryGet(out var text, out wrong)
            || !SignatureFile.Read(order.File, order.Signature).TryGet(out var signature, out wrong))
        {
            return shell.Terminal.Fail(wrong);
        }

        var checkedDocument = await CheckAsync(shell, given, to, text, signature, cancellation);
        if (!checkedDocument.IsSuccess && !order.Force)
        {
            return shell.Terminal.Fail(checkedDocument.Failures);
        }

        foreach (var failure in checkedDocument.Failures)
        {
            shell.Terminal.Note($"published all the same: {failure}");
        }

        var connected = await BrokerClient.ConnectAsync(given, cancellation);
        if (!connected.TryGet(out var broker, out wrong))
        {
            return shell.Terminal.Fail(wrong);
        }

        await using (broker)
        {
            // A forced document that does not parse has no serial of its own to be recognised by.
            var document = Linter.Lint(text) is { IsSuccess: true, Value: var readable } ? readable : null;
            var watch = order.Wait is { } patience ? new PublicationWatch(shell, broker, to, document, SignatureVerifier.Waive(text).Sha256, patience) : null;
            if (watch is not null && !(await watch.PrepareAsync(cancellation)).TryGet(out _, out wrong))
            {
                return shell.Terminal.Fail(wrong);
            }

            var payload = Envelope.Seal(text.Utf8.Span, Encoding.Latin1.GetString(signature));
            if (!(await broker.PublishAsync(to.Desired, payload, retained: true, cancellation)).TryGet(out _, out wrong))
            {
                return shell.Terminal.Fail(wrong);
            }

            shell.Terminal.Out.WriteLine($"published {order.File}{(document?.Release is { } release ? $", serial {release.Serial}," : "")} to {to.Desired}");
            return watch is null ? ExitStatus.Done : await watch.FollowAsync(cancellation);
        }
    }

    private static async Task<Result<Nothing>> CheckAsync(
        Shell shell, CtlSettings settings, Destination to, SourceText text, byte[] signature, CancellationToken cancellation)
    {
        var verified = settings.Trusted is { } trusted
            ? await new SignatureVerifier(trusted).VerifyAsync(text, signature, cancellation)
            : SignatureVerifier.Waive(text);
        return verified.Then(good => Linter.Parse(good)).Then<Nothing>(document => document switch
        {
            { Kind: not DocumentKind.DesiredState } => new Failure(
                Phase.Parse, text.Name, $"is a {document.Kind.Name()}; only a desired state is published (a playbook is served at the gateways' playbook_url)"),
            { Release: { } release } when !to.IsAmong(release.Targets) => new Failure(
                Phase.Release, text.Name, $"is for {string.Join(", ", release.Targets)}, not for {to.Target}: set its targets and sign again"),
            _ => ReleaseCheck.Expired(text.Name, document.Release, shell.Now) is { } expired ? expired : default(Nothing),
        });
    }

    /// <param name="File">The document.</param>
    /// <param name="Signature">Its signature's file, or null for the one beside it.</param>
    /// <param name="Force">Publish in spite of what is wrong.</param>
    /// <param name="Wait">How long to follow it; null not at all.</param>
    private sealed record Order(string File, string? Signature, bool Force, TimeSpan? Wait);
}
