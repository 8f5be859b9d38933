using System.CommandLine;
using Gateway.Core.Reports;
using Gateway.Ctl.Settings;
using Gateway.Ctl.Signing;

namespace Gateway.Ctl.Commands;

/// <summary><c>keygen</c>: an operator's signing key.</summary>
internal static class KeygenCommand
{
    public static Command Make(Shell shell)
    {
        var name = new Option<string>("--name") { Description = "whose key it is: a name, an address in <>, or both", HelpName = "NAME", Required = true };
        var home = SigningOptions.HomeOption();
        var algorithm = new Option<string>("--algorithm") { Description = "ed25519, rsa4096, nistp256 …", HelpName = "NAME", DefaultValueFactory = _ => "ed25519" };
        var expires = new Option<string>("--expires") { Description = "validity, as gpg takes it: 2y, 18m, 2028-01-31, never", HelpName = "TIME", DefaultValueFactory = _ => "2y" };
        var output = new Option<string>("--output") { Description = "where the public key goes; armored if it ends in .asc, else binary", HelpName = "FILE", DefaultValueFactory = _ => "operator.asc" };
        var force = new Option<bool>("--force") { Description = "replace that file if it is there" };
        var bare = new Option<bool>("--no-passphrase") { Description = "leave the private key unprotected; for automation and trials" };
        var command = new Command("keygen", "Make a signing key in gpg's home and export its public part for the gateways.") { name, home, algorithm, expires, output, force, bare };
        ExamplesHelp.AddTo(
            command,
            "gatewayctl keygen --name 'Ann Operator <ann@example.com>'",
            "gatewayctl keygen --name 'Fleet releases' --home /media/token/gnupg --output fleet.asc --expires 1y");
        command.Does((line, cancellation) =>
        {
            var request = new KeyRequest(line.GetRequiredValue(name), line.GetRequiredValue(algorithm), line.GetRequiredValue(expires), !line.GetValue(bare));
            return RunAsync(shell, shell.Settings(line, new CtlSettings { Home = line.GetValue(home) }), request, line.GetRequiredValue(output), line.GetValue(force), cancellation);
        });
        return command;
    }

    private static async Task<ExitStatus> RunAsync(
        Shell shell, Result<CtlSettings> settings, KeyRequest request, string output, bool force, CancellationToken cancellation)
    {
        if (!settings.TryGet(out var given, out var wrong))
        {
            return shell.Terminal.Fail(wrong);
        }

        if (Refuse(request, output, force) is { } refused)
        {
            return shell.Terminal.Fail(refused);
        }

        var gpg = new Gpg(given.Home);
        var made = await SigningKeys.MakeAsync(gpg, given.Home, request, cancellation);
        if (!made.TryGet(out var fingerprint, out wrong))
        {
            return shell.Terminal.Fail(wrong);
        }

        var armored = output.EndsWith(".asc", StringComparison.OrdinalIgnoreCase);
        if (!(await SigningKeys.ExportAsync(gpg, fingerprint, output, armored, cancellation)).TryGet(out _, out wrong))
        {
            return shell.Terminal.Fail(wrong);
        }

        File.SetUnixFileMode(output, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Tell(shell, gpg, given.Home, fingerprint, output);
        return ExitStatus.Done;
    }

    private static Failure? Refuse(KeyRequest request, string output, bool force)
    {
        if (File.Exists(output) && !force)
        {
            return new Failure(Phase.Configuration, output, "is there already: choose another --output, or --force to replace it");
        }

        if (!output.EndsWith(".asc", StringComparison.OrdinalIgnoreCase) && !output.EndsWith(".gpg", StringComparison.OrdinalIgnoreCase))
        {
            return new Failure(Phase.Configuration, output, "must end in .asc or .gpg: gateways read no other files of trusted.d");
        }

        if (!Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(output))))
        {
            return new Failure(Phase.Configuration, output, "its folder does not exist");
        }

        return request.HasPassphrase && Gpg.ControllingTerminal() is null
            ? new Failure(Phase.Configuration, "keygen", "there is no terminal to ask for a passphrase on; run it in one, or accept an unprotected key with --no-passphrase")
            : null;
    }

    private static void Tell(Shell shell, Gpg gpg, string? home, string fingerprint, string output)
    {
        var at = home is null ? "" : $" --home {home}";
        shell.Terminal.Out.WriteLine($"""
            {fingerprint}
            The private key is in {gpg.Home} and nowhere else; back it up: gpg{(home is null ? "" : $" --homedir {home}")} --export-secret-keys {fingerprint}
            The public key is in {output}. Next:
              put it on each gateway:  install -m 0644 {output} /etc/gateway/trusted.d/
              sign with it:            gatewayctl sign{at} --signing-key {fingerprint} FILE
              if it is ever lost:      {gpg.Home}/openpgp-revocs.d/{fingerprint}.rev revokes it
            """);
    }
}
