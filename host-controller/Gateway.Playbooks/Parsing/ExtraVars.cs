using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Parsing;

/// <summary>Reads what <c>--extra-vars</c> gives.</summary>
public static class ExtraVars
{
    /// <summary>Variables of <c>k=v k2='v 2'</c>, or of a YAML or JSON mapping (also the content of a file).</summary>
    public static Result<DictValue> Parse(SourceText text) => Failure.At(Phase.Parse, text.Whole, "cannot be read yet");
}
