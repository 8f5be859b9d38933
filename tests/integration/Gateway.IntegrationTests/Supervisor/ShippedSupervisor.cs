using System.Diagnostics;
using System.Text.Json.Nodes;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>The image that <c>make image</c> builds, in the sandbox's engine, with a test's configuration; run as the host controller runs it.</summary>
public sealed class ShippedSupervisor : IAsyncDisposable
{
    private readonly Sandbox sandbox;
    private readonly string id;

    private ShippedSupervisor(Sandbox sandbox, string id, string reference)
    {
        this.sandbox = sandbox;
        this.id = id;
        Reference = reference;
    }

    /// <summary>The image's name.</summary>
    public string Reference { get; }

    public static async Task<ShippedSupervisor> StartAsync(Sandbox sandbox, RunningSupervisor configured)
    {
        var archive = Repository.At("out", "image", "container-supervisor.tar");
        Assert.True(File.Exists(archive), $"{archive} is not there: make image");
        await using var file = File.OpenRead(archive);
        var reference = Assert.Single((await sandbox.Docker.Images.LoadAsync(file)).Value.References);
        var engine = Path.GetDirectoryName(sandbox.DockerSocket);
        var body = new JsonObject
        {
            ["Image"] = reference,
            ["Labels"] = new JsonObject { ["io.gateway.role"] = "supervisor" },
            ["Cmd"] = new JsonArray("run", "--config", $"{configured.Folder}/supervisor.yaml"),
            ["Healthcheck"] = new JsonObject
            {
                ["Test"] = new JsonArray("CMD", "/usr/bin/container-supervisor", "health", "--config", $"{configured.Folder}/supervisor.yaml"),
                ["Interval"] = 1_000_000_000,
                ["Timeout"] = 10_000_000_000,
                ["Retries"] = 20,
            },
            ["HostConfig"] = new JsonObject
            {
                ["NetworkMode"] = "host",
                ["Binds"] = new JsonArray($"{configured.Folder}:{configured.Folder}", $"{engine}:{engine}"),
                ["RestartPolicy"] = new JsonObject { ["Name"] = "always" },
            },
        };
        var id = (await sandbox.Docker.Containers.CreateAsync($"supervisor-{configured.Id}", body)).Value.Id;
        var supervisor = new ShippedSupervisor(sandbox, id, reference);
        var started = await sandbox.Docker.Containers.StartAsync(id);
        Assert.True(started.IsSuccess, string.Join("; ", started.Failures));
        return supervisor;
    }

    /// <summary>Ends its process as the kernel would, without the engine's doing.</summary>
    public async Task CrashAsync()
    {
        var pid = (await sandbox.Docker.Containers.InspectAsync(id)).Value.State.Pid;
        using var process = Process.GetProcessById(pid);
        process.Kill();
    }

    /// <summary>Waits until the engine has restarted it so often and it runs.</summary>
    public async Task EventuallyRunsAsync(int restarts)
    {
        var until = DateTime.UtcNow.AddSeconds(60);
        while ((await sandbox.Docker.Containers.InspectAsync(id)).Value is { } now && !(now.RestartCount >= restarts && now.State.Running))
        {
            Assert.True(DateTime.UtcNow < until, $"restarted {now.RestartCount} times, {now.State.Status}");
            await Task.Delay(100);
        }
    }

    /// <summary>What its health check says.</summary>
    public async Task<string?> HealthAsync() => (await sandbox.Docker.Containers.InspectAsync(id)).Value.State.Health?.Status;

    public async ValueTask DisposeAsync() => await sandbox.Docker.Containers.RemoveAsync(id, force: true);
}
