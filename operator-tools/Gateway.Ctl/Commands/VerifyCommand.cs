using System.CommandLine;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.Ctl.Documents;
using Gateway.Ctl.Settings;

namespace Gateway.Ctl.Commands;

/// <summary><c>verify</c>: what a gateway that trusts these keys would say to a signed document.</summary>
internal static class VerifyCommand
{
    private const string Installed = "/etc/gateway/trusted.d";

    public static Command Make(Shell shell)
    {
        var file = new Argument<string>("FILE") { Description = "the signed document" };
        var signature = new Option<string?>("--signature") { Description = "its signature, instead of FILE.asc", HelpName = "FILE" };
        var trusted = new Option<string?>("--trusted") { Description = $"folder or file of trusted keys (GATEWAYCTL_TRUSTED; else {Installed})", HelpName = "DIR" };
        var gateway = new Option<string?>("--gateway") { Description = "judge the targets as this gateway would", HelpName = "ID" };
        var groups = new Option<string[]>("--group") { Description = "… that is in this group; may repeat", HelpName = "NAME" };
        var command = new Command("verify", "Verify a signature by the gateway's rules, and read the document.") { file, signature, trusted, gateway, groups };
        ExamplesHelp.AddTo(command, "gatewayctl verify desired.yaml --trusted trusted.d", "gatewayctl verify playbook.yml --gateway gw-0042 --group beta");
        command.Does((line, cancellation) =>
        {
            var identity = line.GetValue(gateway) is { } id ? new GatewayIdentity(id, [.. line.GetValue(groups) ?? []]) : null;
            var settings = shell.Settings(line, new CtlSettings { Trusted = line.GetValue(trusted) });
            return RunAsync(shell, settings, line.GetRequiredValue(file), line.GetValue(signature), identity, cancellation);
        });
        return command;
    }

    private static async Task<ExitStatus> RunAsync(
        Shell shell, Result<CtlSettings> settings, string file, string? signatureFile, GatewayIdentity? identity, CancellationToken cancellation)
    {
        if (!settings.TryGet(out var given, out var wrong)
            || !DocumentFile.Read(file).TryGet(out var text, out wrong)
            || !SignatureFile.Read(file, signatureFile).TryGet(out var signature, out wrong))
        {
            return shell.Terminal.Fail(wrong);
        }

        var verifier = new SignatureVerifier(given.Trusted ?? Installed);
        var keyring = verifier.ReadTrustedKeys();
        foreach (var warning in keyring.Warnings)
        {
            shell.Terminal.Note($"warning: {warning}");
        }

        var verified = await verifier.VerifyAsync(text, signature, cancellation);
        if (!verified.Then(good => Linter.Parse(good)).TryGet(out var document, out wrong) || !Judge(shell, document, identity, keyring).TryGet(out _, out wrong))
        {
            return shell.Terminal.Fail(wrong);
        }

        Tell(shell, file, document, keyring);
        return ExitStatus.Done;
    }

    private static Result<Nothing> Judge(Shell shell, Document document, GatewayIdentity? identity, TrustedKeyring keyring)
    {
        if (identity is null)
        {
            return ReleaseCheck.Expired(document.Text.Value.Name, document.Release, shell.Now) is { } expired ? expired : default(Nothing);
        }

        var claim = ReleaseClaim.Of("verify", document.Release!, document.Text);
        return ReleaseGate.Judge(claim, identity, ReleaseMarks.None, keyring.Signers, TrustedTime.Of(shell.Clock, ReleaseMarks.None))
            .Then<Nothing>(_ => default(Nothing));
    }

    private static void Tell(Shell shell, string file, Document document, TrustedKeyring keyring)
    {
        var signature = document.Text.Signature!;
        var user = keyring.Keys.FirstOrDefault(key => key.Fingerprint == signature.Signer)?.User;
        var release = document.Release!;
        shell.Terminal.Out.WriteLine(OneLine.Of($"{file}: good {document.Kind.Name()}: {document.Summary}"));
        shell.Terminal.Out.WriteLine($"  {OneLine.Of($"signer   {signature.Signer}{(string.IsNullOrEmpty(user) ? "" : $" ({user})")}")}");
        shell.Terminal.Out.WriteLine($"  signed   {ReleaseCheck.Text(signature.SignedAt)}");
        shell.Terminal.Out.WriteLine($"  serial   {release.Serial}");
        shell.Terminal.Out.WriteLine($"  expires  {ReleaseCheck.Expiry(release.Expires, shell.Now)}");
        shell.Terminal.Out.WriteLine($"  targets  {OneLine.Of(string.Join(", ", release.Targets))}");
        shell.Terminal.Out.WriteLine($"  sha256   {document.Text.Sha256}");
    }
}
