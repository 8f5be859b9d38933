using System.Collections.Immutable;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>Reads <c>healthcheck</c>.</summary>
internal static class HealthReader
{
    public static HealthCheck? Read(YamlNode node, Reading reading)
    {
        var before = reading.Failures.Count;
        var fields = reading.Open(node, "'healthcheck'");
        var test = fields.Node("test") is { } written ? Test(written, reading) : null;
        var check = new HealthCheck(fields.Boolean("disable") ?? test is ["NONE"], test is ["NONE"] ? null : test)
        {
            Interval = Positive(fields, "interval"),
            Timeout = Positive(fields, "timeout"),
            StartPeriod = fields.Duration("start_period"),
            StartInterval = Positive(fields, "start_interval"),
            Retries = (int?)fields.Integer("retries", 1, 1000),
        };
        fields.RejectUnknown();
        return reading.Failures.Count == before ? check : null;
    }

    /// <summary>The engine refuses less than a millisecond.</summary>
    private static TimeSpan? Positive(YamlFields fields, string key)
    {
        var duration = fields.Duration(key);
        if (duration < TimeSpan.FromMilliseconds(1))
        {
            fields.Fail(fields.Node(key)!, $"'{key}' must be at least 1ms");
        }

        return duration;
    }

    private static ImmutableArray<string>? Test(YamlNode node, Reading reading)
    {
        if (node is YamlScalar)
        {
            return reading.Word(node, "'test'") is { } shell ? ["CMD-SHELL", shell] : null;
        }

        var words = reading.Texts(node, "'test'");
        if (words is ["NONE"] or ["CMD", _, ..] or ["CMD-SHELL", _])
        {
            return words;
        }

        reading.Fail(node, "'test' must be a string, or a list that begins with CMD or CMD-SHELL, or [NONE]");
        return null;
    }
}
