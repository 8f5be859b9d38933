using Gateway.Core.Processes;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>Containers that misbehave after their release was found good.</summary>
[Collection("second sandbox")]
public sealed class MisbehavingContainerTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task One_that_gets_unhealthy_is_restarted_unless_its_service_says_otherwise()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var image = await sandbox.PushTestImageAsync("sick", new TestImage { Command = ["sh", "-c", "rm -f /tmp/sick; exec sleep infinity"], Healthcheck = TestImage.Check("test ! -e /tmp/sick", retries: 2) });
        await gateway.ApplyAsync($$"""
              sick: {services: {cured: {image: "{{image}}", stop_signal: SIGKILL}, left: {image: "{{image}}", stop_signal: SIGKILL, x-restart-unhealthy: false} } }
            """);
        var (cured, left) = (await gateway.ContainerAsync("sick-cured"), await gateway.ContainerAsync("sick-left"));
        await sandbox.Raw.ExecAsync("sick-left", "touch", "/tmp/sick");
        await sandbox.Raw.ExecAsync("sick-cured", "touch", "/tmp/sick");

        await gateway.Supervisor.EventuallyAsync(() => gateway.Look("sick-cured") is { State.Health.Status: "healthy" } now && now.State.StartedAt > cured.State.StartedAt);
        Assert.Equal(cured.Id, await gateway.IdAsync("sick-cured"));
        await gateway.Supervisor.StatusAsync(status => ((string?)status["applications"]!["sick"]!["services"]!["left"]!["error"])?.Contains("unhealthy", StringComparison.Ordinal) == true);
        Assert.Equal(left.State.StartedAt, (await gateway.ContainerAsync("sick-left")).State.StartedAt);
    }

    [Fact]
    public async Task A_crash_loop_and_one_that_runs_out_of_memory_are_reported_by_name_until_they_end()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var image = await sandbox.PushTestImageAsync("loops", new TestImage
        {
            // It ends, or eats, once somebody asks it to: what tells is a file in a volume, which outlives a restart.
            Command = ["sh", "-c", "while :; do test -e /state/end && exit 7; test -e /state/eat && exec tail /dev/zero; sleep 0.2; done"],
            Healthcheck = TestImage.Check("true"),
        });
        await gateway.ApplyAsync($$"""
              loops: {volumes: {ends: {}, eats: {} }, services: {ends: {image: "{{image}}", stop_signal: SIGKILL, volumes: ["ends:/state"]}, eats: {image: "{{image}}", stop_signal: SIGKILL, mem_limit: 16m, memswap_limit: 16m, volumes: ["eats:/state"]} } }
            """);
        var (ends, eats) = (await gateway.IdAsync("loops-ends"), await gateway.IdAsync("loops-eats"));

        await sandbox.Raw.ExecAsync("loops-ends", "touch", "/state/end");
        await sandbox.Raw.ExecAsync("loops-eats", "touch", "/state/eat");
        var status = await gateway.Supervisor.StatusAsync(status => Error(status, "ends").Contains("exit code 7", StringComparison.Ordinal) && Error(status, "eats").Contains("out of memory", StringComparison.Ordinal));
        Assert.Contains(status["errors"]!.AsArray(), error => (string?)error!["subject"] == "loops/eats" && ((string?)error["message"])!.Contains("out of memory", StringComparison.Ordinal));

        // They are the containers of a good release: tried again and again, never replaced, and well again when the cause is gone.
        Assert.Equal((ends, eats), (await gateway.IdAsync("loops-ends"), await gateway.IdAsync("loops-eats")));
        foreach (var volume in (await sandbox.Docker.Volumes.ListAsync(["io.gateway.application=loops"])).Value)
        {
            var data = Path.Combine(sandbox.Directory, "docker", "data", "volumes", volume.Name, "_data");
            File.Delete(Path.Combine(data, "end"));
            File.Delete(Path.Combine(data, "eat"));
        }

        await gateway.Supervisor.EventuallyAsync(() => gateway.Runs("loops-ends", ends) && gateway.Runs("loops-eats", eats));
    }

    [Fact]
    public async Task A_missing_device_makes_that_one_service_wait_until_it_appears()
    {
        var (folder, device) = ("/dev/" + $"gateway-test-{Guid.NewGuid():N}"[..22], "usb-one-zwave");
        await using var gateway = await SupervisedGateway.StartAsync(sandbox, $"policy: {{devices: [\"{folder}/*\"]}}");
        var image = await sandbox.PushTestImageAsync("device", new TestImage { Healthcheck = TestImage.Check("true") });
        try
        {
            await gateway.DesireAsync($$"""
                  device: {services: {with: {image: "{{image}}", stop_signal: SIGKILL, devices: ["{{folder}}/usb-*-zwave|{{folder}}/ttyACM0:/dev/zwave"]}, without: {image: "{{image}}", stop_signal: SIGKILL} } }
                  other: {services: {one: {image: "{{image}}", stop_signal: SIGKILL} } }
                """);
            await gateway.StateAsync("other", "running");
            Assert.Contains(folder, await gateway.ReasonAsync("device", "is not there"), StringComparison.Ordinal);
            await gateway.Supervisor.EventuallyAsync(() => gateway.Runs("device-without"));
            var without = await gateway.IdAsync("device-without");
            Assert.False(gateway.Runs("device-with"));

            await MakeDeviceAsync(folder, device);
            await gateway.Supervisor.EventuallyAsync(() => gateway.Runs("device-with"));
            await gateway.AppliedAsync();
            Assert.Equal("crw", (await sandbox.Raw.ExecAsync("device-with", "ls", "-l", "/dev/zwave"))[..3]);
            Assert.True(gateway.Runs("device-without", without));

            // Another of the alternatives, under another name, does as well.
            File.Delete(Path.Combine(folder, device));
            await MakeDeviceAsync(folder, "ttyACM0");
            await gateway.Supervisor.EventuallyAsync(() => gateway.Look("device-with") is { State.Running: true } now && now.HostConfig.Devices.Any(mapped => mapped.PathOnHost == $"{folder}/ttyACM0"));
            Assert.True(gateway.Runs("device-without", without));
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    private static string Error(System.Text.Json.Nodes.JsonNode status, string service) => (string?)status["applications"]?["loops"]?["services"]?[service]?["error"] ?? "";

    /// <summary>A character device like <c>/dev/null</c>, under another name.</summary>
    private static async Task MakeDeviceAsync(string folder, string name)
    {
        Directory.CreateDirectory(folder);
        var made = await ProcessRunner.RunAsync(new ProcessRequest("mknod", [Path.Combine(folder, name), "c", "1", "3"]), CancellationToken.None);
        Assert.True(made.IsSuccess, made.StandardError);
    }
}
