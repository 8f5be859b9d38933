using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;

namespace Gateway.Playbooks.Parsing;

/// <summary>Reads a playbook whole and refuses it whole, with every thing that is wrong and where.</summary>
public static class PlaybookParser
{
    /// <summary>The playbook, or everything that is wrong with it, each with <c>file:line:col</c>.</summary>
    public static Result<Playbook> Parse(Verified<SourceText> source, ParseOptions options) =>
        Failure.At(Phase.Parse, source.Value.Whole, "cannot be read yet");
}
