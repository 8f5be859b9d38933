using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Mqtt;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>The program itself, in the sandbox, with folders of its own; and an operator's view of what it publishes.</summary>
public sealed class RunningSupervisor : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);

    /// <summary>Of the log, when something did not happen.</summary>
    private const int LinesTold = 200;

    private readonly Sandbox sandbox;
    private readonly ConcurrentQueue<string> log = new();
    private readonly ConcurrentDictionary<string, (string Text, int Count)> topics = new(StringComparer.Ordinal);
    private MqttClient? watcher;
    private Process? process;

    public RunningSupervisor(Sandbox sandbox, string id)
    {
        this.sandbox = sandbox;
        Id = id;
        Folder = Path.Combine(Path.GetTempPath(), $"gateway-supervisor-{Guid.NewGuid():N}"[..36]);
        Directory.CreateDirectory(Path.Combine(Folder, "trusted.d"));
    }

    public string Id { get; }

    public string Folder { get; }

    public int Pid => process!.Id;

    /// <summary>When it was started last, in whole milliseconds as its status tells times.</summary>
    public DateTimeOffset Started { get; private set; }

    public int ExitCode => process!.ExitCode;

    /// <summary>Null while it runs.</summary>
    public int? ExitCodeIfEnded => process is { HasExited: true } ended ? ended.ExitCode : null;

    public string Log => string.Join('\n', log);

    public string StateDirectory => Path.Combine(Folder, "state");

    /// <summary>Writes the configuration; <paramref name="more"/> is appended.</summary>
    public async Task ConfigureAsync(Operator? trusted, string more = "", string? mqtt = null, string groups = "beta", string? dockerSocket = null)
    {
        if (trusted is not null)
        {
            await File.WriteAllBytesAsync(Path.Combine(Folder, "trusted.d", "operator.gpg"), await trusted.PublicKeyAsync());
        }

        mqtt ??= $"{{host: 127.0.0.1, port: {sandbox.BrokerPort}, keepalive: 5s}}";
        await File.WriteAllTextAsync(Path.Combine(Folder, "supervisor.yaml"), $"""
            gateway_id: {Id}
            groups: [{groups}]
            mqtt: {mqtt}
            docker_socket: {dockerSocket ?? sandbox.DockerSocket}
            trusted_directory: {Folder}/trusted.d
            state_directory: {StateDirectory}
            run_directory: {Folder}/run
            {more}
            """);
    }

    /// <summary>Subscribes to everything the gateway publishes.</summary>
    public async Task WatchAsync()
    {
        watcher = new MqttClient(new MqttOptions("127.0.0.1", sandbox.Forward(sandbox.BrokerPort), $"watch-{Guid.NewGuid():N}"));
        Assert.True((await watcher.ConnectAsync(CancellationToken.None)).IsSuccess);
        Assert.True((await watcher.SubscribeAsync($"gateway/{Id}/#", CancellationToken.None)).IsSuccess);
        _ = Task.Run(async () =>
        {
            await foreach (var message in watcher.Messages.ReadAllAsync())
            {
                topics.AddOrUpdate(message.Topic, _ => (Encoding.UTF8.GetString(message.Payload.Span), 1), (_, before) => (Encoding.UTF8.GetString(message.Payload.Span), before.Count + 1));
            }
        });
    }

    /// <param name="program">The one as shipped, say; else the one that was built with the tests.</param>
    public void Start(string? program = null)
    {
        string[] line = [.. program is null ? ["dotnet", Program] : new[] { program }, "--config", Path.Combine(Folder, "supervisor.yaml"), "--verbose"];
        Started = DateTimeOffset.FromUnixTimeMilliseconds(DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());
        process = sandbox.StartInNamespace(line[0], line[1..]);
        Read(process);
    }

    /// <summary>Runs another command of the program to its end.</summary>
    public Task<Core.Processes.ProcessOutcome> RunAsync(params string[] arguments) =>
        sandbox.RunInNamespaceAsync("dotnet", [Program, "--config", Path.Combine(Folder, "supervisor.yaml"), .. arguments]);

    public async Task StopAsync(bool kill = false)
    {
        if (process is { HasExited: false } running)
        {
            _ = Process.Start(new ProcessStartInfo("kill", [kill ? "-KILL" : "-TERM", running.Id.ToString()]))!;
            await running.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        }
    }

    public async Task PublishAsync(string topic, byte[] message, bool retained)
    {
        var published = await watcher!.PublishAsync(new MqttMessage(topic, message, retained), CancellationToken.None);
        Assert.True(published.IsSuccess);
    }

    /// <summary>How many messages came on a topic below the gateway's.</summary>
    public int CountOf(string topic) => topics.TryGetValue($"gateway/{Id}/{topic}", out var seen) ? seen.Count : 0;

    public string? Last(string topic) => topics.TryGetValue($"gateway/{Id}/{topic}", out var seen) ? seen.Text : null;

    /// <summary>Waits until the published status is as wanted, and returns it.</summary>
    public async Task<JsonNode> StatusAsync(Func<JsonNode, bool> wanted, Func<string>? explain = null)
    {
        JsonNode? status = null;
        await EventuallyAsync(() => Last("status") is { Length: > 0 } text && wanted(status = JsonNode.Parse(text)!), () => $"{explain?.Invoke()}\nstatus:\n{Last("status")}");
        return status!;
    }

    public async Task EventuallyAsync(Func<bool> condition, Func<string>? explain = null)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < Patience, $"did not happen within {Patience.TotalSeconds} s\n{explain?.Invoke()}\nlog:\n{string.Join('\n', log.TakeLast(LinesTold))}");
            await Task.Delay(50);
        }
    }

    /// <summary>Ends it, and removes what it published and ran.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        if (watcher is not null)
        {
            foreach (var topic in topics.Keys.Append($"gateway/{Id}/desired").Append("group/beta/desired"))
            {
                await watcher.PublishAsync(new MqttMessage(topic, default, Retained: true), CancellationToken.None);
            }

            await watcher.DisposeAsync();
        }

        var ours = await sandbox.Docker.Containers.ListAsync(["io.gateway.application"]);
        foreach (var container in ours.IsSuccess ? ours.Value : [])
        {
            await sandbox.Docker.Containers.RemoveAsync(container.Id, force: true, volumes: true);
        }

        // The engine has addresses for about thirty networks.
        var networks = await sandbox.Docker.Networks.ListAsync(["io.gateway.application"]);
        foreach (var network in networks.IsSuccess ? networks.Value : [])
        {
            await sandbox.Docker.Networks.RemoveAsync(network.Id);
        }

        var volumes = await sandbox.Docker.Volumes.ListAsync(["io.gateway.application"]);
        foreach (var volume in volumes.IsSuccess ? volumes.Value : [])
        {
            await sandbox.Docker.Volumes.RemoveAsync(volume.Name);
        }

        Directory.Delete(Folder, recursive: true);
    }

    private static string Program => Path.Combine(AppContext.BaseDirectory, "container-supervisor.dll");

    private void Read(Process running)
    {
        running.OutputDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        running.ErrorDataReceived += (_, line) => log.Enqueue(line.Data ?? "");
        running.BeginOutputReadLine();
        running.BeginErrorReadLine();
    }
}
