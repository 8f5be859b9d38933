using System.CommandLine;
using System.Text;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Yaml;
using Gateway.Ctl.Documents;

namespace Gateway.Ctl.Commands;

/// <summary><c>release</c>: the next serial, and a new expiry and targets, in a document that stays as it is otherwise.</summary>
internal static class ReleaseCommand
{
    public static Command Make(Shell shell)
    {
        var file = new Argument<string>("FILE") { Description = "a document with a release block" };
        var serial = new Option<long?>("--serial") { Description = "this serial, instead of one more than it has", HelpName = "N" };
        var expires = new Option<string?>("--expires") { Description = "from now (90d), or a time (2027-03-01T00:00:00Z)", HelpName = "TIME" };
        var targets = new Option<string[]>("--targets") { Description = "all, gateway:ID, group:NAME; may repeat", HelpName = "TARGET", AllowMultipleArgumentsPerToken = true };
        var command = new Command("release", "Raise a document's serial, and set its expiry and targets; all else stays as it is.") { file, serial, expires, targets };
        ExamplesHelp.AddTo(command, "gatewayctl release desired.yaml --expires 90d", "gatewayctl release playbook.yml --targets group:beta gateway:gw-0042");
        command.SetAction(line => (int)Run(
            shell, line.GetRequiredValue(file), Change(shell, line.GetValue(serial), line.GetValue(expires), line.GetValue(targets) ?? [])));
        return command;
    }

    private static Result<ReleaseChange> Change(Shell shell, long? serial, string? expires, string[] targets)
    {
        if (expires is null)
        {
            return new ReleaseChange(serial, null, [.. targets]);
        }

        if (ReleaseBlock.TryTime(expires, out var time))
        {
            return new ReleaseChange(serial, time, [.. targets]);
        }

        return Durations.TryParse(expires, out var validity) && validity > TimeSpan.Zero
            ? new ReleaseChange(serial, shell.Now + validity, [.. targets])
            : new Failure(Phase.Configuration, "--expires", $"'{expires}' is neither a duration like 90d nor a time like 2027-03-01T00:00:00Z");
    }

    private static ExitStatus Run(Shell shell, string file, Result<ReleaseChange> change)
    {
        if (!change.TryGet(out var wanted, out var wrong)
            || !DocumentFile.Read(file).TryGet(out var before, out wrong)
            || !ReleaseEditor.Edit(before, wanted).TryGet(out var edited, out wrong))
        {
            return shell.Terminal.Fail(wrong);
        }

        // What was edited is read again by the gateway's parser before it replaces anything.
        var text = new SourceText(file, Encoding.UTF8.GetBytes(edited));
        if (!Linter.Lint(text).TryGet(out var document, out wrong)
            || !AtomicFile.Write(file, text.Utf8.Span, File.GetUnixFileMode(file)).TryGet(out _, out wrong))
        {
            return shell.Terminal.Fail(wrong);
        }

        var release = document.Release!;
        shell.Terminal.Out.WriteLine($"{file}: serial {release.Serial}, expires {ReleaseCheck.Expiry(release.Expires, shell.Now)}, for {OneLine.Of(string.Join(", ", release.Targets))}");
        return ExitStatus.Done;
    }
}
