using System.Collections.Immutable;
using System.CommandLine;
using System.Text;
using Gateway.Core.Bundles;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Ctl.Documents;
using Gateway.Ctl.Settings;
using Gateway.Ctl.Signing;

namespace Gateway.Ctl.Commands;

/// <summary><c>bundle</c>: a folder with a playbook becomes one signed archive.</summary>
internal static class BundleCommand
{
    public static Command Make(Shell shell)
    {
        var folder = new Argument<string>("FOLDER") { Description = "with playbook.yml at its root, and tasks/, roles/, files/, templates/, vars/ … beside it" };
        var output = new Option<string?>("--output", "-o") { Description = "the archive, .tar or .tar.gz; FOLDER.tar.gz unless given", HelpName = "FILE" };
        var noSign = new Option<bool>("--no-sign") { Description = "make the archive only; sign it elsewhere" };
        var signing = new SigningOptions("--key");
        var command = new Command("bundle", "Check a folder, pack it reproducibly and sign it; the signature goes to FILE.asc.") { folder, output, noSign };
        signing.AddTo(command);
        ExamplesHelp.AddTo(command, "gatewayctl bundle base", "gatewayctl bundle base -o releases/base-42.tar.gz --key operator@example.com");
        command.Does((line, cancellation) =>
        {
            var from = Path.TrimEndingDirectorySeparator(line.GetRequiredValue(folder));
            return RunAsync(shell, shell.Settings(line, signing.Of(line)), from, line.GetValue(output) ?? from + ".tar.gz", line.GetValue(noSign), cancellation);
        });
        return command;
    }

    private static async Task<ExitStatus> RunAsync(Shell shell, Result<CtlSettings> settings, string folder, string output, bool noSign, CancellationToken cancellation)
    {
        if (!settings.TryGet(out var given, out var wrong) || !Pack(shell, folder, output).TryGet(out var packed, out wrong))
        {
            return shell.Terminal.Fail(wrong);
        }

        if (!AtomicFile.Write(output, packed.Bytes, AtomicFile.WorldReadable).TryGet(out _, out wrong))
        {
            return shell.Terminal.Fail([.. wrong.Select(failure => failure with { Phase = Phase.Configuration })]);
        }

        shell.Terminal.Out.WriteLine($"{output}: serial {packed.Document.Release!.Serial}: {packed.Document.Summary}, {packed.Bytes.Length} bytes");
        if (noSign)
        {
            return ExitStatus.Done;
        }

        var signature = await SigningKeys.SignAsync(new Gpg(given.Home), given.SigningKey, output, packed.Bytes, cancellation);
        if (!signature.Then(text => AtomicFile.Write($"{output}.asc", Encoding.ASCII.GetBytes(text), AtomicFile.WorldReadable)).TryGet(out _, out wrong))
        {
            return shell.Terminal.Fail([.. wrong.Select(failure => failure with { Phase = Phase.Configuration })]);
        }

        shell.Terminal.Out.WriteLine($"{output}.asc");
        return ExitStatus.Done;
    }

    private static Result<(Document Document, byte[] Bytes)> Pack(Shell shell, string folder, string output)
    {
        if (!BundleArchive.IsNamed(output))
        {
            return new Failure(Phase.Configuration, output, "a bundle's name ends in .tar or .tar.gz");
        }

        if (!Directory.Exists(folder))
        {
            return new Failure(Phase.Configuration, folder, "is no folder");
        }

        var linted = DocumentFile.Read(Path.Combine(folder, BundleArchive.PlaybookName)).Then(text => Linter.Lint(text, folder: folder));
        if (DesiredState(shell, folder) is { Length: > 0 } wrong)
        {
            return linted.Failures.AddRange(wrong);
        }

        return linted.Then<(Document, byte[])>(document => ReleaseCheck.Expired(folder, document.Release, shell.Now) is { } expired ? expired
            : BundleWriter.Write(folder, !output.EndsWith(".tar", StringComparison.OrdinalIgnoreCase), BundleLimits.Default).Then<(Document, byte[])>(bytes => (document, bytes)));
    }

    /// <summary>What is wrong with the desired state that goes along; the supervisor verifies it by its own signature.</summary>
    private static ImmutableArray<Failure> DesiredState(Shell shell, string folder)
    {
        var file = Path.Combine(folder, "desired-state.yaml");
        if (!File.Exists(file))
        {
            return [];
        }

        if (!File.Exists(file + ".asc"))
        {
            shell.Terminal.Note($"warning: {file} has no signature of its own, which supervisors ask for: gatewayctl sign {file}");
        }

        return DocumentFile.Read(file).Then(text => Linter.Lint(text)).Failures;
    }
}
