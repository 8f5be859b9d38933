using System.CommandLine;
using Gateway.Core.Releases;
using Gateway.Core.Trust;
using Gateway.HostController.Cycle;
using Gateway.HostController.Fetch;

namespace Gateway.HostController.Commands;

/// <summary><c>verify FILE</c>: would this gateway accept the playbook?</summary>
internal static class VerifyCommand
{
    public static Command Create(GlobalOptions global)
    {
        var file = new Argument<string>("FILE") { Description = "The playbook." };
        var signature = SignatureOption();
        var command = new Command("verify", "Tell whether this gateway would accept a playbook: signature, syntax, serial, expiry, targets and allowed modules. Changes nothing.")
        { file, signature };
        command.SetAction((line, cancellation) => VerifyAsync(global, line, line.GetRequiredValue(file), line.GetValue(signature), cancellation));
        return command;
    }

    public static Option<string?> SignatureOption() => new("--signature")
    {
        Description = "The detached signature; FILE.asc unless given.",
        HelpName = "FILE",
    };

    private static async Task<int> VerifyAsync(GlobalOptions global, ParseResult line, string file, string? signature, CancellationToken cancellation)
    {
        using var workspace = new TemporaryFolder();
        var bundles = new BundleStore(workspace.Path);
        if (!global.Configuration(line).Load().TryGet(out var configuration, out var failures)
            || !(await LocalDocument.ReadPairAsync(file, signature ?? file + ".asc", bundles, cancellation)).TryGet(out var pair, out failures))
        {
            return Complaints.Print(failures);
        }

        var paths = global.Paths(line);
        var admission = new Admission(
            configuration,
            new SignatureVerifier(paths.On(configuration.TrustedDirectory)),
            new ReleaseMarkStore(paths.On(configuration.StateDirectory)),
            bundles,
            new TimeFloor(paths.On(configuration.StateDirectory), TimeProvider.System),
            TimeProvider.System)
        {
            Paths = paths,
        };
        foreach (var warning in admission.Warnings())
        {
            Console.Error.WriteLine($"host-controller: warning: {warning}");
        }

        if (!(await admission.AdmitAsync(ReleaseStream.Playbook, pair, cancellation)).TryGet(out var admitted, out failures))
        {
            return Complaints.Print(failures);
        }

        var release = admitted.Playbook.Release!;
        var known = admitted.Verdict!.AlreadyAccepted ? ", accepted already" : "";
        Console.WriteLine($"{file}: good signature by {admitted.Text.Signature!.Signer} of {admitted.Text.Signature.SignedAt:u}; serial {release.Serial}{known}; expires {release.Expires:u}; targets {string.Join(", ", release.Targets)}");
        return (int)ExitStatus.Done;
    }
}
