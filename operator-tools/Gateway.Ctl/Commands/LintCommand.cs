using System.CommandLine;
using Gateway.Core.Bundles;
using Gateway.Core.Reports;
using Gateway.Ctl.Documents;

namespace Gateway.Ctl.Commands;

/// <summary><c>lint</c>: what a gateway would say to a document, before it is signed.</summary>
internal static class LintCommand
{
    public static Command Make(Shell shell)
    {
        var files = new Argument<string[]>("FILE") { Description = "playbooks, desired states, commands, told apart by their shape; bundles and folders of bundles", Arity = ArgumentArity.OneOrMore };
        var unsigned = new Option<bool>("--unsigned") { Description = "do not ask for a release block (for apply --unsigned)" };
        var command = new Command("lint", "Check documents with the gateway's own parsers; everything wrong is told at once, with its place.") { files, unsigned };
        ExamplesHelp.AddTo(command, "gatewayctl lint playbooks/*.yml desired.yaml");
        command.SetAction(line => (int)Run(shell, line.GetRequiredValue(files), !line.GetValue(unsigned)));
        return command;
    }

    private static ExitStatus Run(Shell shell, string[] files, bool releaseRequired)
    {
        var failures = new List<Failure>();
        foreach (var file in files)
        {
            var linted = BundleArchive.IsNamed(file) ? Linter.Lint(new BundleArchive(file, file), releaseRequired)
                : Directory.Exists(file) ? DocumentFile.Read(Path.Combine(file, BundleArchive.PlaybookName)).Then(text => Linter.Lint(text, releaseRequired, file))
                : DocumentFile.Read(file).Then(text => Linter.Lint(text, releaseRequired));
            if (!linted.TryGet(out var document, out var wrong))
            {
                failures.AddRange(wrong);
                shell.Terminal.Fail(wrong);
                continue;
            }

            foreach (var warning in document.Warnings)
            {
                shell.Terminal.Note($"warning: {warning}");
            }

            if (ReleaseCheck.Expired(file, document.Release, shell.Now) is { } expired)
            {
                shell.Terminal.Note($"warning: {expired}");
            }

            var serial = document.Release is { } release ? $", serial {release.Serial}" : "";
            shell.Terminal.Out.WriteLine($"{file}: good {document.Kind.Name()}{serial}: {document.Summary}");
        }

        return ExitStatuses.Of(failures);
    }
}
