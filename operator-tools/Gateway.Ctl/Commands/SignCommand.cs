using System.CommandLine;
using System.Text;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Yaml;
using Gateway.Ctl.Documents;
using Gateway.Ctl.Settings;
using Gateway.Ctl.Signing;

namespace Gateway.Ctl.Commands;

/// <summary><c>sign</c>: a detached signature beside a document that a gateway would read.</summary>
internal static class SignCommand
{
    public static Command Make(Shell shell)
    {
        var files = new Argument<string[]>("FILE") { Description = "what to sign; the signature goes to FILE.asc", Arity = ArgumentArity.OneOrMore };
        var force = new Option<bool>("--force") { Description = "sign even what a gateway would refuse" };
        var signing = new SigningOptions("--key");
        var command = new Command("sign", "Check a document and sign it. What a gateway would refuse is not signed.") { files, force };
        signing.AddTo(command);
        ExamplesHelp.AddTo(command, "gatewayctl sign desired.yaml", "gatewayctl sign --home /media/token/gnupg playbook.yml");
        command.Does((line, cancellation) =>
            RunAsync(shell, shell.Settings(line, signing.Of(line)), line.GetRequiredValue(files), line.GetValue(force), cancellation));
        return command;
    }

    private static async Task<ExitStatus> RunAsync(
        Shell shell, Result<CtlSettings> settings, string[] files, bool force, CancellationToken cancellation)
    {
        if (!settings.TryGet(out var given, out var wrong))
        {
            return shell.Terminal.Fail(wrong);
        }

        var failures = new List<Failure>();
        foreach (var file in files)
        {
            failures.AddRange((await SignAsync(shell, given, file, force, cancellation)).Failures);
        }

        return shell.Terminal.Fail(failures);
    }

    private static async Task<Result<Nothing>> SignAsync(
        Shell shell, CtlSettings settings, string file, bool force, CancellationToken cancellation)
    {
        // Read once: what was checked is what is signed.
        if (!DocumentFile.Read(file).TryGet(out var text, out var failures))
        {
            return failures;
        }

        var problems = Check(shell, text);
        if (!problems.IsSuccess && !force)
        {
            return problems;
        }

        foreach (var problem in problems.Failures)
        {
            shell.Terminal.Note($"signed all the same: {problem}");
        }

        var signed = await SigningKeys.SignAsync(new Gpg(settings.Home), settings.SigningKey, file, text.Utf8, cancellation);
        return signed.Then(signature =>
        {
            var written = AtomicFile.Write($"{file}.asc", Encoding.ASCII.GetBytes(signature), AtomicFile.WorldReadable);
            if (!written.TryGet(out var done, out var unwritten))
            {
                return unwritten[0] with { Phase = Phase.Configuration };
            }

            shell.Terminal.Out.WriteLine($"{file}.asc");
            return (Result<Nothing>)done;
        });
    }

    private static Result<Nothing> Check(Shell shell, SourceText text) => Linter.Lint(text).Then<Nothing>(document =>
        ReleaseCheck.Expired(text.Name, document.Release, shell.Now) is { } expired ? expired : default(Nothing));
}
