using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;

namespace Gateway.Reconciliation.Status;

/// <summary>Writes the status as JSON in the exact shape of docs/formats.</summary>
public static class StatusWriter
{
    private static readonly JsonWriterOptions Compact = new() { SkipValidation = false };
    private static readonly JsonWriterOptions ForPeople = new() { Indented = true };

    /// <summary>UTF-8 JSON.</summary>
    public static byte[] Write(StatusDocument status, bool indented = false)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer, indented ? ForPeople : Compact))
        {
            Write(json, status);
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Write(Utf8JsonWriter json, StatusDocument status)
    {
        json.WriteStartObject();
        json.WriteNumber("schema", StatusDocument.Schema);
        json.WriteString("gateway", status.Gateway);
        json.WriteString("time", Time(status.Time));
        json.WriteStartArray("groups");
        foreach (var group in status.Groups)
        {
            json.WriteStringValue(group);
        }

        json.WriteEndArray();
        json.WriteStartObject("supervisor");
        json.WriteString("version", status.Supervisor.Version);
        json.WriteString("image", status.Supervisor.Image);
        json.WriteString("started", Time(status.Supervisor.Started));
        json.WriteEndObject();
        WriteMap(json, "desired", status.Desired, Write);
        WriteMap(json, "applications", status.Applications, Write);
        WriteEngine(json, status.Engine);
        WriteLocks(json, status.Locks);
        if (status.Host is { } host)
        {
            json.WritePropertyName("host");
            host.WriteTo(json);
        }

        json.WriteStartArray("errors");
        foreach (var error in status.Errors)
        {
            json.WriteStartObject();
            json.WriteString("time", Time(error.Time));
            json.WriteString("subject", error.Subject);
            json.WriteString("message", error.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteMap<T>(Utf8JsonWriter json, string name, IEnumerable<KeyValuePair<string, T>> map, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartObject(name);
        foreach (var (key, value) in map)
        {
            json.WriteStartObject(key);
            write(json, value);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, DesiredStatus desired)
    {
        WriteNumber(json, "serial", desired.Serial);
        json.WriteString("sha256", desired.Sha256);
        json.WriteString("state", desired.Applied ? "applied" : "pending");
        if (desired.Refused is not { } refused)
        {
            return;
        }

        json.WriteStartObject("refused");
        WriteNumber(json, "serial", refused.Serial);
        json.WriteString("reason", refused.Reason);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, ApplicationStatus application)
    {
        json.WriteString("version", application.Version);
        json.WriteString("state", application.State);
        json.WriteString("reason", application.Reason);
        if (application.Until is { } until)
        {
            json.WriteString("until", Time(until));
        }

        WriteMap(json, "services", application.Services, Write);
    }

    private static void Write(Utf8JsonWriter json, ServiceStatus service)
    {
        json.WriteString("state", service.State);
        json.WriteString("health", service.Health);
        json.WriteString("image", service.Image);
        json.WriteString("digest", service.Digest);
        json.WriteNumber("restarts", service.Restarts);
        json.WriteString("error", service.Error);
        if (service.Report is not { } report)
        {
            return;
        }

        json.WriteStartObject("report");
        json.WriteString("state", report.State);
        json.WriteString("message", report.Message);
        json.WriteString("time", Time(report.Time));
        json.WriteEndObject();
    }

    private static void WriteLocks(Utf8JsonWriter json, ImmutableArray<LockStatus> locks)
    {
        json.WriteStartArray("locks");
        foreach (var held in locks)
        {
            json.WriteStartObject();
            json.WriteString("owner", held.Owner);
            json.WriteString("until", Time(held.Until));
            json.WriteString("reason", held.Reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteEngine(Utf8JsonWriter json, EngineStatus? engine)
    {
        if (engine is null)
        {
            json.WriteNull("engine");
            return;
        }

        json.WriteStartObject("engine");
        json.WriteString("version", engine.Version);
        json.WriteNumber("images", engine.Images);
        json.WriteNumber("disk_free_bytes", engine.DiskFreeBytes);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } value)
        {
            json.WriteNumber(name, value);
        }
        else
        {
            json.WriteNull(name);
        }
    }

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'");
}
