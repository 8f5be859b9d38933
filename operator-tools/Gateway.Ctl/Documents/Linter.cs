using Gateway.Core.Bundles;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Parsing;
using Gateway.Reconciliation.Desired;

namespace Gateway.Ctl.Documents;

/// <summary>Reads documents with the very parsers of the gateway, so that what is right here is right there.</summary>
internal static class Linter
{
    /// <summary>The document, or everything that is wrong with it, each with its place.</summary>
    /// <param name="text">A draft: its signature is not looked at.</param>
    /// <param name="releaseRequired">False for what is applied with <c>--unsigned</c>.</param>
    /// <param name="folder">The folder whose files a playbook of a bundle may use; null for a lone one.</param>
    public static Result<Document> Lint(SourceText text, bool releaseRequired = true, string? folder = null) => Parse(SignatureVerifier.Waive(text), releaseRequired, folder);

    /// <summary>The playbook of a bundle, with all that it imports.</summary>
    public static Result<Document> Lint(BundleArchive archive, bool releaseRequired)
    {
        using var place = new DraftFolder();
        return SignatureVerifier.Waive(archive)
            .Then(verified => BundleUnpacker.Unpack(verified, place.Content, BundleLimits.Default))
            .Then(text => Parse(text, releaseRequired, place.Content));
    }

    /// <summary>The document of verified bytes.</summary>
    public static Result<Document> Parse(Verified<SourceText> text, bool releaseRequired = true, string? folder = null) =>
        DocumentKinds.Detect(text.Value).Then(kind => kind switch
        {
            DocumentKind.Playbook => Playbook(text, releaseRequired, folder),
            DocumentKind.DesiredState => DesiredState(text, releaseRequired),
            _ => Command(text),
        });

    private static Result<Document> Playbook(Verified<SourceText> text, bool releaseRequired, string? folder) =>
        PlaybookParser.Parse(text, Options(text.Value.Name, releaseRequired, folder)).Then<Document>(playbook => new Document(
            text,
            DocumentKind.Playbook,
            playbook.Release,
            [],
            $"{Count(playbook.Plays.Length, "play")}, {Count(playbook.AllTasks.Count(), "task")}",
            []));

    /// <summary>A draft for <c>--unsigned</c> may use what lies beside it; one of a bundle what is in the bundle.</summary>
    private static ParseOptions Options(string name, bool releaseRequired, string? folder) =>
        folder is not null ? new ParseOptions(releaseRequired, LocalFiles: true) { Files = new SourceFolder(folder, isSealed: true) }
        : releaseRequired ? ParseOptions.Signed
        : ParseOptions.Unsigned with { Files = new SourceFolder(Path.GetDirectoryName(Path.GetFullPath(name))!, isSealed: false) };

    private static Result<Document> DesiredState(Verified<SourceText> text, bool releaseRequired) =>
        DesiredStateParser.Parse(text, new DesiredStateOptions(ReleaseRequired: releaseRequired)).Then<Document>(desired => new Document(
            text,
            DocumentKind.DesiredState,
            desired.Release,
            [.. desired.Applications.Select(application => application.Name)],
            $"{Count(desired.Applications.Length, "application")}, {Count(desired.Applications.Sum(application => application.Services.Length), "service")}",
            [.. desired.Warnings.Select(warning => warning.ToString())]));

    private static Result<Document> Command(Verified<SourceText> text) =>
        Reconciliation.Desired.Command.Parse(text).Then<Document>(command => new Document(
            text, DocumentKind.Command, command.Release, [], command.Word, []));

    private static string Count(int number, string what) => number == 1 ? $"1 {what}" : $"{number} {what}s";
}
