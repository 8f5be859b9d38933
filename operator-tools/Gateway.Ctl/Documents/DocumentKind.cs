using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.Ctl.Documents;

/// <summary>What a signed document is.</summary>
internal enum DocumentKind
{
    /// <summary>A list of plays.</summary>
    Playbook,

    /// <summary>Applications and their services, or a local twin (<c>config.json</c>).</summary>
    DesiredState,

    /// <summary>A command to the supervisor.</summary>
    Command,
}

/// <summary>Tells documents apart by their outermost shape.</summary>
internal static class DocumentKinds
{
    private static readonly HashSet<string> AnsibleTags = new(StringComparer.Ordinal) { "!unsafe", "!vault" };

    /// <summary>The kind, or why there is none.</summary>
    public static Result<DocumentKind> Detect(SourceText source) => YamlReader.Read(source, tags: AnsibleTags).Then(Of);

    /// <summary>What people call it.</summary>
    public static string Name(this DocumentKind kind) => kind switch
    {
        DocumentKind.Playbook => "playbook",
        DocumentKind.DesiredState => "desired state",
        _ => "command",
    };

    private static Result<DocumentKind> Of(YamlNode root) => root switch
    {
        YamlSequence => DocumentKind.Playbook,
        YamlMapping mapping when mapping["command"] is not null && mapping["applications"] is null => DocumentKind.Command,
        YamlMapping mapping when mapping["applications"] is not null || mapping["release"] is not null || mapping["config_number"] is not null => DocumentKind.DesiredState,
        _ => Failure.At(Phase.Parse, root.At, "is neither a playbook (a list of plays) nor a desired state (a mapping with 'release' and 'applications', or a twin with 'config_number' and 'modules')"),
    };
}
