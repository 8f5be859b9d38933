using System.Buffers;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Gateway.Reconciliation.Specs;

/// <summary>
/// JSON in one spelling: members sorted; lists sorted where their order means nothing; members that are the Engine's
/// zero values left out. Two documents that ask for the same container come out the same.
/// </summary>
internal static class CanonicalJson
{
    /// <summary>Lists whose order means something.</summary>
    private static readonly HashSet<string> Ordered = new(StringComparer.Ordinal) { "Cmd", "Entrypoint", "Dns", "DnsSearch", "DnsOptions", "Test", "Shell" };

    /// <summary>Members to which the engine gives a meaning of its own when they are zero.</summary>
    private static readonly HashSet<string> ZeroMatters = new(StringComparer.Ordinal) { "Init", "Entrypoint", "StopTimeout", "OomScoreAdj", "MemorySwappiness" };

    /// <summary>SHA-256 over the canonical form, 64 lower-case hexadecimal digits.</summary>
    public static string Hash(JsonObject json)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, json, "");
        }

        return Convert.ToHexStringLower(SHA256.HashData(buffer.WrittenSpan));
    }

    /// <summary>The same JSON with members sorted, lists as they are.</summary>
    public static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject json => new JsonObject(json.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => KeyValuePair.Create(pair.Key, Sorted(pair.Value)))),
        JsonArray list => new JsonArray([.. list.Select(Sorted)]),
        null => null,
        _ => node.DeepClone(),
    };

    private static void Write(Utf8JsonWriter writer, JsonNode? node, string name)
    {
        switch (node)
        {
            case JsonObject json:
                writer.WriteStartObject();
                foreach (var (key, value) in json.OrderBy(pair => pair.Key, StringComparer.Ordinal).Where(pair => !IsZero(pair.Key, pair.Value)))
                {
                    writer.WritePropertyName(key);
                    Write(writer, value, key);
                }

                writer.WriteEndObject();
                break;
            case JsonArray list:
                writer.WriteStartArray();
                foreach (var item in Ordered.Contains(name) ? list.Select(Text) : list.Select(Text).Order(StringComparer.Ordinal))
                {
                    writer.WriteStringValue(item);
                }

                writer.WriteEndArray();
                break;
            case null:
                writer.WriteNullValue();
                break;
            default:
                node.WriteTo(writer);
                break;
        }
    }

    /// <summary>An item by itself, in canonical form.</summary>
    private static string Text(JsonNode? item)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            Write(writer, item, "");
        }

        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static bool IsZero(string key, JsonNode? value) => value switch
    {
        null => true,
        JsonObject => false,
        JsonArray list => list.Count == 0 && !ZeroMatters.Contains(key),
        _ => !ZeroMatters.Contains(key) && value.GetValueKind() switch
        {
            JsonValueKind.False => true,
            JsonValueKind.Number => value.ToJsonString() == "0",
            JsonValueKind.String => value.GetValue<string>().Length == 0,
            _ => false,
        },
    };
}
