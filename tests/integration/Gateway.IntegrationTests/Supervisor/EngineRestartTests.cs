using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>The engine goes away in the middle of an update and comes back: the update goes on to its end, with nothing double and nothing left over.</summary>
[Collection("second sandbox")]
public sealed class EngineRestartTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Theory]
    [InlineData("KILL", true)]
    [InlineData("TERM", true)]
    [InlineData("KILL", false)]
    public async Task An_update_goes_on_to_its_end_when_the_engine_is_restarted_in_the_middle_of_it(string signal, bool good)
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var old = await sandbox.PushTestImageAsync("engine", new TestImage { Healthcheck = TestImage.Check("true") });
        var young = await sandbox.PushTestImageAsync("engine", new TestImage
        {
            Command = ["sleep", "1000000"],
            // Time enough for the engine to go while the new ones are not healthy yet.
            Healthcheck = TestImage.Check(good ? "test -e /tmp/ready || { touch /tmp/ready; exit 1; }" : "false", interval: 2),
        });
        await gateway.ApplyAsync(Text(old));
        var before = await gateway.ContainersAsync("engine");

        await gateway.DesireAsync(Text(young));
        await gateway.Supervisor.EventuallyAsync(() => gateway.IsThere("engine-one.previous"));
        await sandbox.RestartEngineAsync(signal);

        if (good)
        {
            await gateway.AppliedAsync();
        }
        else
        {
            await gateway.StateAsync("engine", "rolled-back");
        }

        string[] names = ["engine-one", "engine-three", "engine-two"];
        await gateway.Supervisor.EventuallyAsync(() => names.All(name => gateway.Runs(name)) && gateway.ContainersAsync("engine").Result.Count == names.Length);
        var after = await gateway.ContainersAsync("engine");
        Assert.Equal(names, after.Keys.Order(StringComparer.Ordinal));
        // A start that the engine was killed in the midst of may be held by it for ever; only such a container comes back as another one.
        var log = gateway.Supervisor.Log;
        Assert.All(names, name => Assert.True(
            before[name] == after[name] ? !good : good || log.Contains($"container {name} is made anew", StringComparison.Ordinal),
            $"{name} was {before[name]} and is {after[name]}\n{log}"));
        Assert.Null(gateway.Supervisor.ExitCodeIfEnded);
        await gateway.Supervisor.StatusAsync(status => status["errors"]!.AsArray().All(error => (string?)error!["subject"] == "engine" && !good));
    }

    [Fact]
    public async Task After_a_restart_of_the_engine_everything_runs_again_and_is_the_same()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var image = await sandbox.PushTestImageAsync("engineback", new TestImage { Healthcheck = TestImage.Check("true") });
        await gateway.ApplyAsync(Text(image, "engineback"));
        var before = await gateway.ContainersAsync("engineback");

        await sandbox.RestartEngineAsync("KILL");

        await gateway.Supervisor.EventuallyAsync(() => before.All(container => gateway.Runs(container.Key, container.Value)));
        Assert.Equal(before.OrderBy(pair => pair.Key), (await gateway.ContainersAsync("engineback")).OrderBy(pair => pair.Key));
        await gateway.Supervisor.StatusAsync(status => (string?)status["desired"]?["gateway"]?["state"] == "applied" && status["errors"]!.AsArray().Count == 0);
    }

    private static string Text(string image, string name = "engine") => $$"""
          {{name}}:
            services:
              one: {image: "{{image}}", stop_signal: SIGKILL}
              two: {image: "{{image}}", stop_signal: SIGKILL, depends_on: [one]}
              three: {image: "{{image}}", stop_signal: SIGKILL, depends_on: {two: {condition: service_healthy} } }
        """;
}
