using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gateway.Reconciliation.Desired;

namespace Gateway.Reconciliation.Specs;

/// <summary>Small pieces of Engine JSON; null and empty things are left out.</summary>
internal static class BodyParts
{
    public static void Set(this JsonObject json, string name, string? value)
    {
        if (value is not null)
        {
            json[name] = JsonValue.Create(value);
        }
    }

    public static void Set(this JsonObject json, string name, long? value)
    {
        if (value is { } number)
        {
            json[name] = JsonValue.Create(number);
        }
    }

    public static void Set(this JsonObject json, string name, JsonNode? value)
    {
        if (value is not null and not JsonObject { Count: 0 } and not JsonArray { Count: 0 })
        {
            json[name] = value;
        }
    }

    /// <summary>Written only when true: false is the engine's default.</summary>
    public static void SetTrue(this JsonObject json, string name, bool? value)
    {
        if (value is true)
        {
            json[name] = JsonValue.Create(true);
        }
    }

    public static JsonArray List(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode?)JsonValue.Create(text))]);

    public static JsonObject Map(IEnumerable<KeyValuePair<string, string>> pairs) =>
        new(pairs.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)JsonValue.Create(pair.Value))));

    public static JsonObject Set(IEnumerable<string> keys) =>
        new(keys.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Select(key => KeyValuePair.Create(key, (JsonNode?)new JsonObject())));

    public static long Nanoseconds(TimeSpan time) => time.Ticks * 100;

    public static JsonObject? Health(HealthCheck? check)
    {
        if (check is null)
        {
            return null;
        }

        var json = new JsonObject();
        json.Set("Test", check.Disabled ? List(["NONE"]) : check.Test is { } test ? List(test) : null);
        json.Set("Interval", check.Interval is { } interval ? Nanoseconds(interval) : null);
        json.Set("Timeout", check.Timeout is { } timeout ? Nanoseconds(timeout) : null);
        json.Set("StartPeriod", check.StartPeriod is { } start ? Nanoseconds(start) : null);
        json.Set("StartInterval", check.StartInterval is { } soon ? Nanoseconds(soon) : null);
        json.Set("Retries", check.Retries);
        return json;
    }

    public static JsonObject Ports(ImmutableArray<PortMapping> ports)
    {
        var json = new JsonObject();
        foreach (var group in ports.GroupBy(port => $"{port.Target}/{port.Protocol}", StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            json[group.Key] = new JsonArray([.. group.Distinct().Select(port => (JsonNode?)new JsonObject { ["HostIp"] = port.HostIp ?? "", ["HostPort"] = port.Published ?? "" })]);
        }

        return json;
    }

    public static JsonArray Ulimits(ImmutableArray<Ulimit> limits) =>
        new([.. limits.Select(limit => (JsonNode?)new JsonObject { ["Name"] = limit.Name, ["Soft"] = limit.Soft, ["Hard"] = limit.Hard })]);
}
