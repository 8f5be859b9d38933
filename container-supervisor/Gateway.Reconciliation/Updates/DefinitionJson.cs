using System.Buffers;
using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Updates;

/// <summary>
/// A committed service's specification as it is kept: the create body, and of the service what a plan looks at. The
/// record lies beside the documents in force and is as readable as they are: to root alone.
/// </summary>
internal static class DefinitionJson
{
    /// <summary>UTF-8 bytes; what is longer is not kept, and that container cannot be made again without its release.</summary>
    private const int Longest = 256 * 1024;

    /// <summary>The JSON, or null when it is too long.</summary>
    /// <param name="spec">Built without devices: they are looked up when the container is made.</param>
    public static string? Write(ContainerSpec spec)
    {
        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var json = new Utf8JsonWriter(buffer))
        {
            var service = spec.Service;
            json.WriteStartObject();
            json.WritePropertyName("body");
            spec.Body.WriteTo(json);
            WriteList(json, "networks", spec.Networks, static (json, name) => json.WriteStringValue(name));
            WriteList(json, "volumes", spec.Volumes, static (json, name) => json.WriteStringValue(name));
            WriteList(json, "more_networks", spec.MoreNetworks, WriteNetwork);
            WriteList(json, "depends_on", service.DependsOn, WriteDependency);
            WriteList(json, "ties", service.Links, static (json, link) => json.WriteStringValue(link.Service));
            WriteList(json, "devices", service.Devices, WriteDevice);
            WriteList(json, "files", spec.Files, WriteFile);
            WriteModes(json, service);
            WriteRestart(json, service);
            WriteHealth(json, service.HealthCheck);
            json.WriteEndObject();
        }

        return buffer.WrittenCount > Longest ? null : Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>The specification again.</summary>
    /// <param name="kept">The service, with its definition.</param>
    public static ContainerSpec Read(CommittedService kept)
    {
        var json = (JsonObject)JsonNode.Parse(kept.Definition!)!;
        var service = new Service
        {
            Name = kept.Service,
            ContainerName = kept.Container,
            Image = Reference(kept.Image),
            At = Position.Of("the last good release"),
            DependsOn = List(json, "depends_on", static item => new Dependency(
                Text(item, "service"), Enum.Parse<DependencyCondition>(Text(item, "condition")), (bool)item["restart"]!, (bool)item["required"]!)),
            Links = List(json, "ties", static item => new Link((string)item!, "")),
            Devices = List(json, "devices", static item => new DeviceMapping(Text(item, "source"), (string?)item["target"], Text(item, "permissions"), Position.Of("the last good release"))),
            NetworkMode = (string?)json["network_mode"],
            Pid = (string?)json["pid"],
            Ipc = (string?)json["ipc"],
            Restart = json["restart"] is { } restart ? new RestartPolicy(Text(restart, "name"), (int)restart["retries"]!) : null,
            RestartUnhealthy = (bool)json["restart_unhealthy"]!,
            LocalApi = (bool)json["local_api"]!,
            PullPolicy = Enum.Parse<PullPolicy>(Text(json, "pull_policy")),
            HealthCheck = json["health"] is { } health ? Health(health) : null,
        };
        return new ContainerSpec(
            service,
            kept.ConfigHash,
            (JsonObject)json["body"]!.DeepClone(),
            List(json, "more_networks", static item => new NetworkConnection(Text(item, "network"), (JsonObject)item["endpoint"]!.DeepClone())),
            List(json, "networks", static item => (string)item!),
            List(json, "volumes", static item => (string)item!),
            kept.OneShot)
        {
            Files = List(json, "files", static item => new PlacedFile(
                new InlineFile(Text(item, "target"), Text(item, "content"), (int)item["mode"]!, (int)item["uid"]!, (int)item["gid"]!, (bool)item["secret"]!),
                Text(item, "identity"),
                Text(item, "path"))),
        };
    }

    /// <summary>A reference that was good once; should it not be now, it is taken as it stands.</summary>
    public static ImageReference Reference(string text) => ImageReference.TryParse(text, out var image) ? image : new ImageReference("", text, null, null);

    private static void WriteList<T>(Utf8JsonWriter json, string name, ImmutableArray<T> items, Action<Utf8JsonWriter, T> write)
    {
        if (items.IsEmpty)
        {
            return;
        }

        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }

    private static void WriteNetwork(Utf8JsonWriter json, NetworkConnection connection)
    {
        json.WriteStartObject();
        json.WriteString("network", connection.Network);
        json.WritePropertyName("endpoint");
        connection.EndpointConfig.WriteTo(json);
        json.WriteEndObject();
    }

    private static void WriteDependency(Utf8JsonWriter json, Dependency dependency)
    {
        json.WriteStartObject();
        json.WriteString("service", dependency.Service);
        json.WriteString("condition", dependency.Condition.ToString());
        json.WriteBoolean("restart", dependency.Restart);
        json.WriteBoolean("required", dependency.Required);
        json.WriteEndObject();
    }

    private static void WriteDevice(Utf8JsonWriter json, DeviceMapping device)
    {
        json.WriteStartObject();
        json.WriteString("source", device.Source);
        json.WriteString("target", device.Target);
        json.WriteString("permissions", device.Permissions);
        json.WriteEndObject();
    }

    private static void WriteFile(Utf8JsonWriter json, PlacedFile placed)
    {
        var file = placed.File;
        json.WriteStartObject();
        json.WriteString("identity", placed.Identity);
        json.WriteString("path", placed.Path);
        json.WriteString("target", file.Target);
        json.WriteString("content", file.Content);
        json.WriteNumber("mode", file.Mode);
        json.WriteNumber("uid", file.Uid);
        json.WriteNumber("gid", file.Gid);
        json.WriteBoolean("secret", file.IsSecret);
        json.WriteEndObject();
    }

    private static void WriteModes(Utf8JsonWriter json, Service service)
    {
        json.WriteString("network_mode", service.NetworkMode);
        json.WriteString("pid", service.Pid);
        json.WriteString("ipc", service.Ipc);
        json.WriteBoolean("local_api", service.LocalApi);
        json.WriteString("pull_policy", service.PullPolicy.ToString());
    }

    private static void WriteRestart(Utf8JsonWriter json, Service service)
    {
        json.WriteBoolean("restart_unhealthy", service.RestartUnhealthy);
        if (service.Restart is { } restart)
        {
            json.WriteStartObject("restart");
            json.WriteString("name", restart.Name);
            json.WriteNumber("retries", restart.MaximumRetries);
            json.WriteEndObject();
        }
    }

    /// <summary>Only its figures: the check itself stands in the body.</summary>
    private static void WriteHealth(Utf8JsonWriter json, HealthCheck? check)
    {
        if (check is null)
        {
            return;
        }

        json.WriteStartObject("health");
        foreach (var (name, span) in new[] { ("interval", check.Interval), ("timeout", check.Timeout), ("start_period", check.StartPeriod) })
        {
            if (span is { } given)
            {
                json.WriteNumber(name, given.Ticks);
            }
        }

        if (check.Retries is { } retries)
        {
            json.WriteNumber("retries", retries);
        }

        json.WriteEndObject();
    }

    private static HealthCheck Health(JsonNode json) => new(false, null)
    {
        Interval = Span(json["interval"]),
        Timeout = Span(json["timeout"]),
        StartPeriod = Span(json["start_period"]),
        Retries = (int?)json["retries"],
    };

    private static TimeSpan? Span(JsonNode? ticks) => ticks is null ? null : TimeSpan.FromTicks((long)ticks);

    private static string Text(JsonNode json, string name) => (string?)json[name] ?? throw new FormatException($"'{name}' is missing");

    private static ImmutableArray<T> List<T>(JsonObject json, string name, Func<JsonNode, T> read) =>
        json[name] is JsonArray list ? [.. list.Select(item => read(item!))] : [];
}
