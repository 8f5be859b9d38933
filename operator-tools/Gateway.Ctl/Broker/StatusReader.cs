using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Core.Reports;
using Gateway.Core.Releases;

namespace Gateway.Ctl.Broker;

/// <summary>
/// Reads a status message (docs/formats/mqtt.md). Members that are missing or of another type are taken as unknown: a
/// newer gateway's status must still be readable.
/// </summary>
internal static class StatusReader
{
    private static readonly JsonDocumentOptions Bounded = new() { MaxDepth = 32 };

    /// <summary>The status, or why it is none.</summary>
    /// <param name="topic">Where it came from, for messages.</param>
    /// <param name="payload">UTF-8 JSON.</param>
    public static Result<StatusView> Read(string topic, ReadOnlyMemory<byte> payload)
    {
        try
        {
            using var document = JsonDocument.Parse(payload, Bounded);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "gateway") is not { } gateway)
            {
                return new Failure(Phase.Observe, topic, "is not a gateway's status: it has no 'gateway'");
            }

            return new StatusView
            {
                Gateway = gateway,
                Time = Time(root, "time"),
                Groups = [.. Items(root, "groups").Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)],
                Supervisor = Member(root, "supervisor") is { } supervisor ? Text(supervisor, "version") : null,
                Desired = Map(root, "desired", Source),
                Applications = Map(root, "applications", Application),
                Locks = [.. Items(root, "locks").Select(held => OneLine.Of($"{Text(held, "owner")} until {Text(held, "until")}{(Text(held, "reason") is { } reason ? $": {reason}" : "")}"))],
                Errors = [.. Items(root, "errors").Select(error => OneLine.Of($"{Text(error, "time")} {Text(error, "subject")}: {Text(error, "message")}"))],
            };
        }
        catch (JsonException e)
        {
            return new Failure(Phase.Observe, topic, $"is not a gateway's status: {e.Message}");
        }
    }

    private static SourceView Source(JsonElement source) => new(
        Number(source, "serial"),
        Text(source, "sha256"),
        Text(source, "state"),
        Member(source, "refused") is { } refused ? new RefusedView(Number(refused, "serial"), Text(refused, "reason") ?? "no reason given") : null);

    private static ApplicationView Application(JsonElement application) => new(
        Text(application, "version"),
        Text(application, "state") ?? "unknown",
        Text(application, "reason"),
        Time(application, "until"),
        Map(application, "services", Service));

    private static ServiceView Service(JsonElement service) => new(
        Text(service, "state") ?? "unknown",
        Text(service, "health"),
        Text(service, "image"),
        Number(service, "restarts") ?? 0,
        Text(service, "error"));

    private static JsonElement? Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Object ? member : null;

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String ? member.GetString() : null;

    private static DateTimeOffset? Time(JsonElement parent, string name) =>
        Text(parent, name) is { } time && ReleaseBlock.TryTime(time, out var at) ? at : null;

    private static long? Number(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Number && member.TryGetInt64(out var number)
            ? number
            : null;

    private static IEnumerable<JsonElement> Items(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.Array ? member.EnumerateArray() : [];

    private static ImmutableSortedDictionary<string, T> Map<T>(JsonElement parent, string name, Func<JsonElement, T> read)
    {
        if (Member(parent, name) is not { } map)
        {
            return ImmutableSortedDictionary<string, T>.Empty;
        }

        var entries = ImmutableSortedDictionary.CreateBuilder<string, T>(StringComparer.Ordinal);
        foreach (var entry in map.EnumerateObject())
        {
            entries[entry.Name] = read(entry.Value);
        }

        return entries.ToImmutable();
    }
}
