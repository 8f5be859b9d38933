using Gateway.Core.Releases;
using Gateway.Core.Reports;

namespace Gateway.Ctl.Broker;

/// <summary>Names of topics (docs/formats/mqtt.md).</summary>
internal static class Topics
{
    private const string GatewayPrefix = "gateway/";
    private const string StatusSuffix = "/status";
    private const string PresenceSuffix = "/presence";

    /// <summary>Pattern or topic of statuses; <paramref name="gateway"/> null means all.</summary>
    public static string Status(string? gateway) => $"{GatewayPrefix}{gateway ?? "+"}{StatusSuffix}";

    /// <summary>Pattern or topic of presences.</summary>
    public static string Presence(string? gateway) => $"{GatewayPrefix}{gateway ?? "+"}{PresenceSuffix}";

    /// <summary>Topic of a reply.</summary>
    public static string Reply(string gateway, string id) => $"{GatewayPrefix}{gateway}/reply/{id}";

    /// <summary>Topic of a service's log lines.</summary>
    public static string Log(string gateway, string application, string service) => $"{GatewayPrefix}{gateway}/log/{application}/{service}";

    /// <summary>The gateway whose status the topic carries, or null.</summary>
    public static string? StatusOf(string topic) => Between(topic, StatusSuffix);

    /// <summary>The gateway whose presence the topic carries, or null.</summary>
    public static string? PresenceOf(string topic) => Between(topic, PresenceSuffix);

    /// <summary>The gateway a reply comes from, or null.</summary>
    public static string? ReplyOf(string topic, string id) => Between(topic, $"/reply/{id}");

    /// <summary>What is wrong with a gateway's id or a group's name as a level of a topic, or null.</summary>
    public static string? Wrong(string name) =>
        GatewayIdentity.IsName(name) ? null : $"'{OneLine.Of(name)}' is no gateway or group: 1 to {GatewayIdentity.LongestName} letters, digits, '.', '_' and '-'";

    private static string? Between(string topic, string suffix) =>
        topic.StartsWith(GatewayPrefix, StringComparison.Ordinal) && topic.EndsWith(suffix, StringComparison.Ordinal)
        && topic.Length > GatewayPrefix.Length + suffix.Length
            ? topic[GatewayPrefix.Length..^suffix.Length]
            : null;
}
