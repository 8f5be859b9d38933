using System.Text.Json.Nodes;

namespace Gateway.Core.Json;

/// <summary>Lays one JSON object over another.</summary>
public static class JsonMerge
{
    /// <summary>
    /// A new object with everything from both: where both have a member, two objects are merged in turn, else
    /// <paramref name="over"/> wins; arrays are not joined. Neither argument is changed.
    /// </summary>
    public static JsonObject Merge(JsonObject under, JsonObject over)
    {
        var merged = under.DeepClone().AsObject();
        foreach (var (name, value) in over)
        {
            merged[name] = merged[name] is JsonObject below && value is JsonObject above ? Merge(below, above) : value?.DeepClone();
        }

        return merged;
    }
}
