using Gateway.Core.Reports;
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
    public static Result<Document> Lint(SourceText text, bool releaseRequired = true) => Parse(SignatureVerifier.Waive(text), releaseRequired);

    /// <summary>The document of verified bytes.</summary>
    public static Result<Document> Parse(Verified<SourceText> text, bool releaseRequired = true) =>
        DocumentKinds.Detect(text.Value).Then(kind => kind switch
        {
            DocumentKind.Playbook => Playbook(text, releaseRequired),
            DocumentKind.DesiredState => DesiredState(text, releaseRequired),
            _ => Command(text),
        });

    private static Result<Document> Playbook(Verified<SourceText> text, bool releaseRequired) =>
        PlaybookParser.Parse(text, releaseRequired ? ParseOptions.Signed : ParseOptions.Unsigned).Then<Document>(playbook => new Document(
            text,
            DocumentKind.Playbook,
            playbook.Release,
            [],
            $"{Count(playbook.Plays.Length, "play")}, {Count(playbook.AllTasks.Count(), "task")}",
            []));

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
