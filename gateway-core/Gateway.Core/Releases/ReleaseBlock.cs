using System.Collections.Immutable;
using System.Globalization;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.Core.Releases;

/// <summary>Reads a release block.</summary>
public static class ReleaseBlock
{
    /// <summary>The release, or null after noting what is wrong with it.</summary>
    public static Release? Parse(YamlNode node, List<Failure> failures)
    {
        var before = failures.Count;
        var fields = YamlFields.Open(node, "release", failures);
        var serial = fields.Required("serial") is null ? null : fields.Integer("serial", 1);
        var expires = fields.Required("expires") is { } time ? Time(time, fields) : null;
        var targets = fields.Required("targets") is null ? [] : fields.Texts("targets", single: true);
        CheckTargets(fields, targets);
        fields.RejectUnknown();
        return failures.Count == before && serial is { } s && expires is { } e ? new Release(s, e, targets) : null;
    }

    private static DateTimeOffset? Time(YamlNode node, YamlFields fields)
    {
        if (node is YamlScalar scalar && TryTime(scalar.Text, out var time))
        {
            return time;
        }

        fields.Fail(node, "'expires' must be a time in UTC like 2027-03-01T00:00:00Z");
        return null;
    }

    /// <summary>An RFC 3339 time with its offset.</summary>
    public static bool TryTime(string text, out DateTimeOffset time)
    {
        string[] forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mm:ssK"];
        var hasOffset = text.EndsWith('Z') || (text.Length > 6 && text[^6] is '+' or '-' && text[^3] == ':');
        return DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal, out time) && hasOffset;
    }

    private static void CheckTargets(YamlFields fields, ImmutableArray<string> targets)
    {
        if (fields.Node("targets") is not { } node)
        {
            return;
        }

        if (targets.IsEmpty)
        {
            fields.Fail(node, "'targets' must name at least one of all, gateway:<id>, group:<name>");
        }

        foreach (var target in targets.Where(target => !IsTarget(target)))
        {
            fields.Fail(node, $"target '{target}' is none of all, gateway:<id>, group:<name>");
        }
    }

    private static bool IsTarget(string target) =>
        target == "all"
        || (target.StartsWith("gateway:", StringComparison.Ordinal) && target.Length > "gateway:".Length)
        || (target.StartsWith("group:", StringComparison.Ordinal) && target.Length > "group:".Length);
}
