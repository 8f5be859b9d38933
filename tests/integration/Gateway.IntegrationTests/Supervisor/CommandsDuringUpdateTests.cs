using System.Diagnostics;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>Commands and repairs are not held up by an update that takes long.</summary>
[Collection("sandbox")]
public sealed class CommandsDuringUpdateTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task Commands_are_carried_out_while_an_update_is_under_way()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox, "status_interval: 1d");
        var old = await sandbox.PushTestImageAsync("during", new TestImage { Healthcheck = TestImage.Check("true") });
        var slow = await sandbox.PushTestImageAsync("during", new TestImage { Command = ["sh", "-c", "sleep 12; touch /tmp/ready; exec sleep infinity"], Healthcheck = TestImage.Check("test -e /tmp/ready", interval: 1, retries: 60) });
        await gateway.ApplyAsync(Text(old, old));
        var other = await gateway.ContainerAsync("other-one");

        await gateway.DesireAsync(Text(slow, old));
        await gateway.Supervisor.EventuallyAsync(() => gateway.IsThere("during-one.previous") && gateway.Runs("during-one"));
        var clock = Stopwatch.StartNew();
        var reply = await gateway.AskAsync("restart", "\"application\":\"other\"");
        Assert.True((bool)reply["ok"]!, reply.ToJsonString());
        Assert.True((await gateway.ContainerAsync("other-one")).State.StartedAt > other.State.StartedAt);
        var told = gateway.Supervisor.CountOf("status");
        await gateway.Supervisor.PublishAsync($"gateway/{gateway.Supervisor.Id}/command", """{"command":"status"}"""u8.ToArray(), retained: false);
        await gateway.Supervisor.EventuallyAsync(() => gateway.Supervisor.CountOf("status") > told);

        // All of that came while the update was under way still.
        Assert.True(gateway.IsThere("during-one.previous"), $"the update was over after {clock.Elapsed.TotalSeconds} s");
        await gateway.AppliedAsync();
        Assert.Equal(slow, (await gateway.ContainerAsync("during-one")).Config.Image);
    }

    private static string Text(string during, string other) => $$"""
          during: {services: {one: {image: "{{during}}", stop_signal: SIGKILL} } }
          other: {services: {one: {image: "{{other}}", stop_signal: SIGKILL} } }
        """;
}
