using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Gateway.Core.Engine;
using Gateway.Core.Mqtt;

namespace Gateway.Bench.Programs;

/// <summary>The supervisor as it is shipped: its image, run as the host controller runs it, told what to do over MQTT.</summary>
internal sealed partial class ShippedSupervisor : IDisposable
{
    private const string Name = "bench-supervisor";
    private readonly DockerClient docker;
    private readonly MqttClient broker = new(new MqttOptions("127.0.0.1", 1883, "bench"));
    private readonly string id;
    private long serial;

    private ShippedSupervisor(DockerClient docker, string id, int pid)
    {
        this.docker = docker;
        this.id = id;
        Pid = pid;
    }

    public int Pid { get; }

    public static async Task<ShippedSupervisor> StartAsync(DockerClient docker, string folder, string socket)
    {
        await using var archive = File.OpenRead(Paths.Image);
        var image = (await docker.Images.LoadAsync(archive)).Value.References[0];
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "supervisor.yaml"), $"""
            gateway_id: bench
            mqtt: [host: 127.0.0.1, port: 1883]
            docker_socket: {socket}
            state_directory: {folder}/state
            run_directory: {folder}/run
            require_signature: false
            """.Replace("[host: 127.0.0.1, port: 1883]", "{host: 127.0.0.1, port: 1883}", StringComparison.Ordinal));
        var body = new JsonObject
        {
            ["Image"] = image,
            ["Cmd"] = new JsonArray("run", "--verbose", "--config", $"{folder}/supervisor.yaml"),
            ["Labels"] = new JsonObject { ["io.gateway.role"] = "supervisor" },
            ["HostConfig"] = new JsonObject
            {
                ["NetworkMode"] = "host",
                ["Binds"] = new JsonArray($"{folder}:{folder}", $"{Path.GetDirectoryName(socket)}:{Path.GetDirectoryName(socket)}"),
            },
        };
        var created = await docker.Containers.CreateAsync(Name, body);
        await docker.Containers.StartAsync(created.Value.Id);
        var pid = (await docker.Containers.InspectAsync(created.Value.Id)).Value.State.Pid;
        var supervisor = new ShippedSupervisor(docker, created.Value.Id, pid);
        var connected = await supervisor.broker.ConnectAsync(CancellationToken.None);
        return connected.IsSuccess ? supervisor : throw new InvalidOperationException(connected.Failure.ToString());
    }

    /// <summary>Publishes what shall run; unsigned, which the gateway's owner has allowed here.</summary>
    public async Task PublishAsync(string applications)
    {
        serial = Math.Max(serial + 1, DateTimeOffset.UtcNow.ToUnixTimeSeconds());
        var text = $"release: {{serial: {serial}, expires: 2099-01-01T00:00:00Z, targets: [all]}}\n{applications}";
        var envelope = JsonSerializer.SerializeToUtf8Bytes(new JsonObject { ["payload"] = text });
        var sent = await broker.PublishAsync(new MqttMessage("gateway/bench/desired", envelope, Retained: true), CancellationToken.None);
        if (!sent.IsSuccess)
        {
            throw new InvalidOperationException(sent.Failure.ToString());
        }
    }

    /// <summary>The rounds since the last time, as the debug log tells them: calls to the engine, and milliseconds.</summary>
    public async Task<IReadOnlyList<(int Calls, double Milliseconds)>> RoundsAsync(DateTimeOffset since)
    {
        var logs = await docker.Containers.LogsAsync(id, new LogQuery { Since = since, MaxBytes = 4 * 1024 * 1024 });
        return
        [
            .. logs.Value.Lines.Select(line => Round().Match(line.Text)).Where(match => match.Success)
                .Select(match => (int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture), double.Parse(match.Groups[2].ValueSpan, CultureInfo.InvariantCulture))),
        ];
    }

    public void Dispose()
    {
        PublishAsync("applications: {}\n").GetAwaiter().GetResult();
        broker.DisposeAsync().AsTask().GetAwaiter().GetResult();
        docker.Containers.RemoveAsync(id, force: true).GetAwaiter().GetResult();
    }

    [GeneratedRegex(@"Round: (\d+) calls to the engine, ([0-9.]+) ms", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Round();
}
