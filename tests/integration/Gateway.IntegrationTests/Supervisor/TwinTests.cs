using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>The offline thesis's twin: a <c>config.json</c> on the gateway with its signature beside it, and no network at all.</summary>
[Collection("sandbox")]
public sealed class TwinTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task Modules_start_in_their_order_and_later_ones_restart_when_an_earlier_one_changes()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox, "desired_state: {folder}/config.json", mqtt: "{host: 127.0.0.1, port: 9}", started: false);
        var image = await sandbox.PushTestImageAsync("twin", new TestImage { Healthcheck = TestImage.Check("true") });
        await gateway.WriteAsync("config.json", Twin(4, image, "blue"));
        gateway.Supervisor.Start();
        await gateway.Supervisor.EventuallyAsync(() => gateway.Runs("press-filler") && gateway.Runs("twin-reader") && gateway.Runs("twin-writer"), () => LocalStatus(gateway));

        var (filler, reader, writer) = (await gateway.ContainerAsync("press-filler"), await gateway.ContainerAsync("twin-reader"), await gateway.ContainerAsync("twin-writer"));
        Assert.True(filler.State.StartedAt < reader.State.StartedAt && reader.State.StartedAt < writer.State.StartedAt);
        Assert.Equal(["sleep", "1000"], filler.Config.Cmd);
        Assert.Contains("COLOUR=blue", reader.Config.Env);
        Assert.Equal(("always", 64L << 20), (ByHand(filler.HostConfig.RestartPolicy.Name), filler.HostConfig.Memory));
        await gateway.Supervisor.EventuallyAsync(() => LocalStatus(gateway).Contains("\"serial\":4", StringComparison.Ordinal) && LocalStatus(gateway).Contains("\"applied\"", StringComparison.Ordinal), () => LocalStatus(gateway));

        // The second module changes: the first stays, the third restarts, as the same container.
        await gateway.WriteAsync("config.json", Twin(5, image, "green"));
        await gateway.Supervisor.EventuallyAsync(
            () => gateway.Look("twin-reader") is { State.Running: true } now && now.Id != reader.Id && gateway.Look("twin-writer") is { State.Running: true } last && last.Id == writer.Id && last.State.StartedAt > writer.State.StartedAt,
            () => LocalStatus(gateway));
        var after = await gateway.ContainerAsync("press-filler");
        Assert.Equal((filler.Id, filler.State.StartedAt), (after.Id, after.State.StartedAt));

        // One that nobody signed changes nothing.
        await File.WriteAllTextAsync(Path.Combine(gateway.Supervisor.Folder, "config.json"), Twin(6, image, "red"));
        await gateway.Supervisor.EventuallyAsync(() => LocalStatus(gateway).Contains("refused", StringComparison.Ordinal), () => LocalStatus(gateway));
        Assert.DoesNotContain("COLOUR=red", (await gateway.ContainerAsync("twin-reader")).Config.Env);
    }

    private static string LocalStatus(SupervisedGateway gateway) => gateway.Supervisor.RunAsync("status").Result.StandardOutput;

    /// <summary>The supervisor starts containers itself; to the engine <c>always</c> is given as <c>unless-stopped</c>.</summary>
    private static string ByHand(string policy) => policy == "unless-stopped" ? "always" : policy;

    private static string Twin(int number, string image, string colour) => $$"""
        {
          "config_number": {{number}},
          "modules": [
            {"module_name": "writer", "container_name": "", "container_image": "{{image}}", "restart_policy": "", "pull_policy": "", "startup_order": 3,
             "command": "", "env_variables": {}, "container_create_options": {"StopSignal": "SIGKILL"} },
            {"module_name": "reader", "container_name": "", "container_image": "{{image}}", "restart_policy": "unless-stopped", "pull_policy": "missing", "startup_order": 2,
             "command": "", "env_variables": {"COLOUR": "{{colour}}"}, "container_create_options": {"StopSignal": "SIGKILL"} },
            {"module_name": "filler", "container_name": "press-filler", "container_image": "{{image}}", "restart_policy": "always", "pull_policy": "on-create", "startup_order": 1,
             "command": "sleep '1000'", "env_variables": {}, "container_create_options": {"StopSignal": "SIGKILL", "ports": {"8080/tcp": {} }, "HostConfig": {"Memory": 67108864} } }
          ]
        }
        """;
}
