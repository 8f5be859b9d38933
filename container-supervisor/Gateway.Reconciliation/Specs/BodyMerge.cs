using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Reconciliation.Desired;

namespace Gateway.Reconciliation.Specs;

/// <summary>Merges <c>x-create-options</c> under a body, and brings the paths in it into one spelling.</summary>
internal static class BodyMerge
{
    /// <summary>The options with the body over them: mappings key by key, lists joined, <c>Env</c> by name.</summary>
    public static JsonObject Under(JsonObject? options, JsonObject body)
    {
        if (options is null)
        {
            return body;
        }

        var merged = (JsonObject)options.DeepClone();
        Merge(merged, body);
        if (merged["HostConfig"] is JsonObject host)
        {
            Normalise(host);
        }

        return merged;
    }

    private static void Merge(JsonObject under, JsonObject over)
    {
        foreach (var (key, value) in over)
        {
            switch (under[key], value)
            {
                case (JsonObject inner, JsonObject outer):
                    Merge(inner, outer);
                    break;
                case (JsonArray lower, JsonArray upper) when key == "Env":
                    var names = upper.Select(Name).ToHashSet(StringComparer.Ordinal);
                    under[key] = new JsonArray([.. lower.Where(item => !names.Contains(Name(item))).Concat(upper).Select(item => item?.DeepClone())]);
                    break;
                case (JsonArray lower, JsonArray upper) when key is not ("Cmd" or "Entrypoint" or "Test"):
                    under[key] = new JsonArray([.. lower.Concat(upper).Select(item => item?.DeepClone())]);
                    break;
                default:
                    under[key] = value?.DeepClone();
                    break;
            }
        }
    }

    private static string Name(JsonNode? item) => Text(item)?.Split('=', 2)[0] ?? "";

    private static void Normalise(JsonObject host)
    {
        if (host["Binds"] is JsonArray binds)
        {
            host["Binds"] = new JsonArray([.. binds.Select(bind => Text(bind) is { } text ? JsonValue.Create(Bind(text)) : bind?.DeepClone())]);
        }

        foreach (var (list, key) in new[] { ("Mounts", "Source"), ("Devices", "PathOnHost") })
        {
            foreach (var item in (host[list] as JsonArray)?.OfType<JsonObject>() ?? [])
            {
                if (Text(item[key]) is { } path && HostPath.TryNormalise(path, out var normal))
                {
                    item[key] = normal;
                }
            }
        }

        // A container stopped for an update must stay stopped when the engine restarts; the supervisor starts stopped ones itself.
        if (host["RestartPolicy"] is JsonObject policy && Text(policy["Name"]) == "always")
        {
            policy["Name"] = "unless-stopped";
        }
    }

    private static string Bind(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && HostPath.TryNormalise(text[..colon], out var normal) ? normal + text[colon..] : text;
    }

    public static string? Text(JsonNode? node) => node is JsonValue && node.GetValueKind() == JsonValueKind.String ? node.GetValue<string>() : null;
}
