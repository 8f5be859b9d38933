using System.Collections.Immutable;
using Gateway.Core.Releases;
using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>How a desired state is read.</summary>
/// <param name="Source">The stream's last part: <c>gateway</c> or <c>group:&lt;name&gt;</c>; it stands in containers' labels.</param>
/// <param name="ReleaseRequired">False only for a person with root at the machine (<c>apply --unsigned</c>).</param>
public sealed record DesiredStateOptions(string Source = "gateway", bool ReleaseRequired = true);

/// <summary>
/// Reads a desired state, or a local twin (<c>config.json</c>, told by its <c>config_number</c>): strict, and everything that
/// is wrong is reported at once with its place.
/// </summary>
public static class DesiredStateParser
{
    private const int MostApplications = 200;

    /// <summary>The desired state, or every reason why the document as a whole is refused.</summary>
    public static Result<DesiredState> Parse(Verified<SourceText> text, DesiredStateOptions options)
    {
        if (!YamlReader.Read(text.Value).TryGet(out var root, out var wrong))
        {
            return wrong;
        }

        var failures = new List<Failure>();
        var warnings = new List<Failure>();
        var reading = new Reading(failures, warnings);
        if (TwinParser.IsTwin(root))
        {
            return TwinParser.Read(root, options.Source, reading) is { } twin ? twin : Wrong(failures);
        }

        var fields = reading.Open(root, "the desired state");
        var block = options.ReleaseRequired ? fields.Required("release") : fields.Node("release");
        var release = block is null ? null : ReleaseBlock.Parse(block, failures);
        var urgency = Urgency(fields);
        _ = fields.Required("applications");
        var label = release is null ? options.Source : $"{options.Source}:{release.Serial}";
        var entries = fields.Entries("applications");
        if (entries.Length > MostApplications)
        {
            fields.Fail(fields.Node("applications")!, $"{entries.Length} applications; at most {MostApplications} are allowed");
            entries = [];
        }

        var applications = entries.Select(entry => ApplicationReader.Read(entry, label, reading)).OfType<Application>().ToList();
        fields.Allow("x-");
        fields.RejectUnknown();
        if (failures.Count == 0)
        {
            ServiceChecks.Check(applications, reading);
        }

        return failures.Count > 0
            ? Wrong(failures)
            : new DesiredState(release, urgency, [.. applications.OrderBy(a => a.Name, StringComparer.Ordinal).Select(a => a with { Urgency = urgency })], [.. warnings]);
    }

    private static ImmutableArray<Failure> Wrong(List<Failure> failures) => [.. failures.Distinct().Take(Reading.MostFailures)];

    private static Urgency Urgency(YamlFields fields)
    {
        switch (fields.Text("urgency"))
        {
            case null or "normal":
                return Desired.Urgency.Normal;
            case "critical":
                return Desired.Urgency.Critical;
            default:
                fields.Fail(fields.Node("urgency")!, "'urgency' must be normal or critical");
                return Desired.Urgency.Normal;
        }
    }
}
