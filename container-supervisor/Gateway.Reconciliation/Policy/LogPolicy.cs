using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace Gateway.Reconciliation.Policy;

/// <summary>Log drivers run as root on the host: some read its files, write to its sockets, or send what they read away.</summary>
internal static class LogPolicy
{
    private static readonly ImmutableHashSet<string> Drivers = ["", "json-file", "local", "journald", "none"];

    private static readonly ImmutableHashSet<string> Options =
        ["max-size", "max-file", "compress", "tag", "labels", "labels-regex", "env", "env-regex", "mode", "max-buffer-size"];

    public static void Check(JsonNode value, Action<string, string> refuse)
    {
        if (value is not JsonObject config || config.Any(pair => pair.Key is not ("Type" or "Config")))
        {
            refuse("policy", "'LogConfig' takes Type and Config");
            return;
        }

        if (config["Type"] is { } type && (BodyPolicy.Text(type) is not { } driver || !Drivers.Contains(driver)))
        {
            refuse("policy", $"log driver {type.ToJsonString()} is not known to be harmless; there are json-file, local, journald, none");
        }

        foreach (var option in (config["Config"] as JsonObject)?.Select(pair => pair.Key).Where(key => !Options.Contains(key)) ?? [])
        {
            refuse("policy", $"log option '{option}' is not known to be harmless");
        }
    }
}
