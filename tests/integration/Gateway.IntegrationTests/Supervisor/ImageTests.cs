using System.Text.Json.Nodes;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>The image that <c>make image</c> builds, in a real engine.</summary>
[Collection("sandbox")]
public sealed class ImageTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task The_image_starts_verifies_signatures_speaks_mqtt_and_is_healthy()
    {
        var archive = Repository.At("out", "image", "container-supervisor.tar");
        Assert.True(File.Exists(archive), $"{archive} is not there: make image");
        await using var file = File.OpenRead(archive);
        var reference = Assert.Single((await sandbox.Docker.Images.LoadAsync(file)).Value.References);
        await using var author = await Operator.CreateAsync();
        await using var supervisor = new RunningSupervisor(sandbox, "gw-image");
        await supervisor.ConfigureAsync(author);
        await supervisor.WatchAsync();
        var body = new JsonObject
        {
            ["Image"] = reference,
            ["Labels"] = new JsonObject { ["io.gateway.role"] = "supervisor" },
            ["Cmd"] = new JsonArray("run", "--config", $"{supervisor.Folder}/supervisor.yaml"),
            ["Healthcheck"] = new JsonObject
            {
                ["Test"] = new JsonArray("CMD", "/usr/bin/container-supervisor", "health", "--config", $"{supervisor.Folder}/supervisor.yaml"),
                ["Interval"] = 1_000_000_000,
                ["Timeout"] = 10_000_000_000,
                ["Retries"] = 20,
            },
            ["HostConfig"] = new JsonObject
            {
                ["NetworkMode"] = "host",
                ["Binds"] = new JsonArray($"{supervisor.Folder}:{supervisor.Folder}", $"{Path.GetDirectoryName(sandbox.DockerSocket)}:{Path.GetDirectoryName(sandbox.DockerSocket)}"),
            },
        };
        var id = (await sandbox.Docker.Containers.CreateAsync("supervisor-under-test", body)).Value.Id;
        try
        {
            Assert.True((await sandbox.Docker.Containers.StartAsync(id)).IsSuccess);
            await supervisor.PublishAsync("gateway/gw-image/desired", await author.EnvelopeAsync(Operator.Desired(1, "  {}")), retained: true);
            var status = await supervisor.StatusAsync(status => (string?)status["desired"]?["gateway"]?["state"] == "applied");
            Assert.Equal(reference, (string?)status["supervisor"]!["image"]);
            await supervisor.EventuallyAsync(() => sandbox.Docker.Containers.InspectAsync(id).Result.Value.State.Health?.Status == "healthy");
        }
        finally
        {
            await sandbox.Docker.Containers.RemoveAsync(id, force: true);
        }
    }
}
