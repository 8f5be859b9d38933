using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>How a desired state is read.</summary>
/// <param name="Source">The stream's last part: <c>gateway</c> or <c>group:&lt;name&gt;</c>; it stands in containers' labels.</param>
/// <param name="ReleaseRequired">False only for a person with root at the machine (<c>apply --unsigned</c>).</param>
public sealed record DesiredStateOptions(string Source = "gateway", bool ReleaseRequired = true);

/// <summary>Reads a desired state: strict, and everything that is wrong is reported at once with its place.</summary>
public static class DesiredStateParser
{
    /// <summary>The desired state, or every reason why the document as a whole is refused.</summary>
    public static Result<DesiredState> Parse(Verified<SourceText> text, DesiredStateOptions options) =>
        Failure.At(Phase.Parse, text.Value.Whole, "not yet");
}
