using System.Text.Json.Nodes;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>Reads <c>x-create-options</c> into JSON; what may stand in it is the local policy's matter.</summary>
internal static class CreateOptionsReader
{
    public static JsonObject? Read(YamlNode node, Reading reading)
    {
        if (node is not YamlMapping map)
        {
            reading.Fail(node, "'x-create-options' must be a mapping of Engine create options");
            return null;
        }

        foreach (var key in new[] { "Image", "NetworkingConfig" })
        {
            if (map[key] is { } owned)
            {
                reading.Fail(owned, $"'x-create-options' may not give '{key}'; use '{(key == "Image" ? "image" : "networks")}'");
            }
        }

        if ((map["HostConfig"] as YamlMapping)?["NetworkMode"] is { } mode)
        {
            reading.Fail(mode, "'x-create-options' may not give 'HostConfig.NetworkMode'; use 'network_mode'");
        }

        foreach (var entry in (map["Labels"] as YamlMapping)?.Entries ?? [])
        {
            if (entry.Key.Text.StartsWith(Names.LabelPrefix, StringComparison.OrdinalIgnoreCase))
            {
                reading.Fail(entry.Key, $"label '{entry.Key.Text}' is the supervisor's; choose one that does not begin with {Names.LabelPrefix}");
            }
        }

        return (JsonObject)Json(map)!;
    }

    /// <summary>A node as JSON, scalars typed by the core schema.</summary>
    public static JsonNode? Json(YamlNode node)
    {
        switch (node)
        {
            case YamlMapping map:
                var json = new JsonObject();
                foreach (var entry in map.Entries)
                {
                    json[entry.Key.Text] = Json(entry.Value);
                }

                return json;
            case YamlSequence list:
                return new JsonArray([.. list.Items.Select(Json)]);
            case YamlScalar scalar when CoreSchema.IsNull(scalar):
                return null;
            case YamlScalar scalar when CoreSchema.Boolean(scalar) is { } boolean:
                return JsonValue.Create(boolean);
            case YamlScalar scalar when CoreSchema.Integer(scalar) is { } integer:
                return JsonValue.Create(integer);
            case YamlScalar scalar when CoreSchema.Number(scalar) is { } number && double.IsFinite(number):
                return JsonValue.Create(number);
            default:
                return JsonValue.Create(((YamlScalar)node).Text);
        }
    }
}
