using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Gateway.Core.Reports;
using Gateway.Core.Releases;

namespace Gateway.Reconciliation.Updates;

/// <summary>The record as a file: JSON with its schema number. An unknown schema is refused: leave everything running.</summary>
public static class RecordJson
{
    /// <summary>UTF-8 JSON.</summary>
    public static byte[] Write(ReconciliationRecord record)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteNumber("schema", ReconciliationRecord.Schema);
            json.WriteStartObject("applications");
            foreach (var (name, application) in record.Applications)
            {
                json.WriteStartObject(name);
                Write(json, application);
                json.WriteEndObject();
            }

            json.WriteEndObject();
            Write(json, "garbage", record.Garbage);
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>The record, or why the file cannot be used.</summary>
    public static Result<ReconciliationRecord> Read(ReadOnlyMemory<byte> bytes, string name)
    {
        try
        {
            using var document = JsonDocument.Parse(bytes, new JsonDocumentOptions { MaxDepth = 64 });
            var root = document.RootElement;
            var schema = root.GetProperty("schema").GetInt32();
            if (schema != ReconciliationRecord.Schema)
            {
                return Wrong(name, $"has schema {schema}; this version knows {ReconciliationRecord.Schema}. Nothing is changed; install the version that wrote it");
            }

            var applications = ImmutableSortedDictionary.CreateBuilder<string, ApplicationRecord>(StringComparer.Ordinal);
            foreach (var application in root.GetProperty("applications").EnumerateObject())
            {
                applications[application.Name] = Read(application.Value);
            }

            return new ReconciliationRecord(applications.ToImmutable(), Texts(root, "garbage"));
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or ArgumentException or NullReferenceException or InvalidCastException)
        {
            return Wrong(name, $"is not a record of applications: {SystemErrors.Text(e)}");
        }
    }

    private static void Write(Utf8JsonWriter json, ApplicationRecord record)
    {
        json.WriteStartArray("committed");
        foreach (var service in record.Committed)
        {
            json.WriteStartObject();
            json.WriteString("service", service.Service);
            json.WriteString("config", service.ConfigHash);
            json.WriteString("container", service.Container);
            json.WriteString("image", service.Image);
            json.WriteBoolean("one_shot", service.OneShot);
            if (service.Definition is { } definition)
            {
                json.WritePropertyName("definition");
                json.WriteRawValue(definition);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("candidate", record.Candidate);
        json.WriteString("begun", record.Begun);
        json.WriteNumber("attempts", record.Attempts);
        json.WriteString("run", record.Run);
        json.WriteStartArray("failed");
        foreach (var failed in record.Failed)
        {
            json.WriteStartObject();
            json.WriteString("fingerprint", failed.Fingerprint);
            json.WriteString("reason", failed.Reason);
            json.WriteString("at", failed.At.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'"));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        Write(json, "images", record.Images);
        Write(json, "candidate_images", record.CandidateImages);
        Write(json, "networks", record.Networks);
        Write(json, "volumes", record.Volumes);
        json.WriteStartObject("trials");
        foreach (var (service, trial) in record.Trials)
        {
            json.WriteStartObject(service);
            json.WriteNumber("count", trial.Count);
            json.WriteString("at", trial.At.UtcDateTime.ToString("O"));
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteStartObject("history");
        foreach (var (service, images) in record.History)
        {
            Write(json, service, images);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, ImmutableArray<CommittedThing> things)
    {
        json.WriteStartObject(name);
        foreach (var thing in things)
        {
            json.WritePropertyName(thing.Name);
            json.WriteRawValue(thing.Body);
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, ImmutableArray<string> texts)
    {
        json.WriteStartArray(name);
        foreach (var text in texts)
        {
            json.WriteStringValue(text);
        }

        json.WriteEndArray();
    }

    /// <summary>Members that came later are optional: files of older versions lack them.</summary>
    private static ApplicationRecord Read(JsonElement json) => new(
        [.. json.GetProperty("committed").EnumerateArray().Select(Service)],
        json.GetProperty("candidate").GetString(),
        json.GetProperty("attempts").GetInt32(),
        Text(json, "run"),
        [.. json.GetProperty("failed").EnumerateArray().Select(failed => new FailedRelease(Text(failed, "fingerprint"), Text(failed, "reason"), Time(failed)))],
        Texts(json, "images"))
    {
        Begun = json.TryGetProperty("begun", out var begun) ? begun.GetString() : null,
        CandidateImages = json.TryGetProperty("candidate_images", out _) ? Texts(json, "candidate_images") : [],
        Networks = [.. Members(json, "networks").Select(static member => new CommittedThing(member.Name, member.Value.GetRawText()))],
        Volumes = [.. Members(json, "volumes").Select(static member => new CommittedThing(member.Name, member.Value.GetRawText()))],
        Trials = Members(json, "trials").ToImmutableSortedDictionary(
            static member => member.Name, static member => new Trial(member.Value.GetProperty("count").GetInt32(), member.Value.GetProperty("at").GetDateTimeOffset()), StringComparer.Ordinal),
        History = Members(json, "history").ToImmutableSortedDictionary(static member => member.Name, static member => List(member.Value, member.Name), StringComparer.Ordinal),
    };

    private static CommittedService Service(JsonElement json)
    {
        var service = new CommittedService(Text(json, "service"), Text(json, "config"), Text(json, "container"), Text(json, "image"), json.GetProperty("one_shot").GetBoolean());
        if (!json.TryGetProperty("definition", out var definition))
        {
            return service;
        }

        service = service with { Definition = definition.GetRawText() };
        _ = DefinitionJson.Read(service);
        return service;
    }

    private static IEnumerable<JsonProperty> Members(JsonElement json, string name) =>
        json.TryGetProperty(name, out var members) ? members.EnumerateObject() : Enumerable.Empty<JsonProperty>();

    private static DateTimeOffset Time(JsonElement json) =>
        ReleaseBlock.TryTime(Text(json, "at"), out var time) ? time : throw new FormatException("'at' is not a time");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString() ?? throw new FormatException($"'{name}' is null");

    private static ImmutableArray<string> Texts(JsonElement json, string name) => List(json.GetProperty(name), name);

    private static ImmutableArray<string> List(JsonElement list, string name) =>
        [.. list.EnumerateArray().Select(item => item.GetString() ?? throw new FormatException($"'{name}' holds null"))];

    private static Failure Wrong(string name, string message) => Failure.At(Phase.Configuration, Position.Of(name), message);
}
