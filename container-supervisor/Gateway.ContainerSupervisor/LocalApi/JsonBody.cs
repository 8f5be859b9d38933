using System.Text.Json;
using Gateway.Core.Reports;

namespace Gateway.ContainerSupervisor.LocalApi;

/// <summary>Reads the JSON object of a request's body, strictly.</summary>
internal static class JsonBody
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 4, AllowDuplicateProperties = false };

    /// <summary>The object, which the caller disposes of; it holds no other keys than these.</summary>
    public static Result<JsonDocument> Read(ReadOnlyMemory<byte> body, string[] keys)
    {
        try
        {
            var document = JsonDocument.Parse(body, Strict);
            var stranger = document.RootElement.ValueKind != JsonValueKind.Object ? "" : document.RootElement.EnumerateObject().Select(member => member.Name).FirstOrDefault(name => !keys.Contains(name));
            if (stranger is null)
            {
                return document;
            }

            document.Dispose();
            return new Failure(Phase.Parse, "the body", stranger.Length == 0 ? "must be a JSON object" : $"has no member '{OneLine.Of(stranger)}'; there are {string.Join(", ", keys)}");
        }
        catch (JsonException e)
        {
            return new Failure(Phase.Parse, "the body", $"is not JSON: {SystemErrors.Text(e)}");
        }
    }

    /// <summary>A string of one line, or null when it is absent or null.</summary>
    public static Result<string?> Text(JsonElement members, string key, int longest)
    {
        if (!members.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
        {
            return (string?)null;
        }

        if (value.ValueKind != JsonValueKind.String || value.GetString() is not { } text || text.Length > longest)
        {
            return new Failure(Phase.Parse, key, $"must be a string of at most {longest} characters");
        }

        return OneLine.Of(text);
    }
}
