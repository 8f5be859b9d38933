using System.Text.Json.Nodes;
using Gateway.Core.Engine;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>Somebody does by hand what nobody should; and what belongs to somebody else stays as it is.</summary>
[Collection("sandbox")]
public sealed class DriftTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task What_somebody_does_to_a_container_by_hand_is_repaired_and_the_others_are_not_touched()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var image = await sandbox.PushTestImageAsync("drift", new TestImage { Healthcheck = TestImage.Check("true") });
        await gateway.ApplyAsync(Text(image));
        var bystander = await gateway.ContainerAsync("drift-bystander");
        var id = await gateway.IdAsync("drift-one");

        await sandbox.Raw.PostAsync("containers/drift-one/stop?t=0");
        await EventuallyAsync("stopped", gateway, () => gateway.Runs("drift-one", id));

        await sandbox.Raw.PostAsync("containers/drift-one/kill");
        await EventuallyAsync("killed", gateway, () => gateway.Runs("drift-one", id));

        await sandbox.Raw.PostAsync("containers/drift-one/rename?name=mine-now");
        await EventuallyAsync("renamed", gateway, () => gateway.Runs("drift-one", id) && !gateway.IsThere("mine-now"));

        await sandbox.Raw.PostAsync("containers/drift-one/pause");
        await EventuallyAsync("paused", gateway, () => gateway.Look("drift-one") is { State: { Running: true, Paused: false } });

        await sandbox.Raw.PostAsync("networks/drift_default/disconnect", new JsonObject { ["Container"] = "drift-one", ["Force"] = true });
        await EventuallyAsync("disconnected", gateway, () => gateway.Look("drift-one") is { State.Running: true } now && now.NetworkSettings.Networks.ContainsKey("drift_default"));

        await sandbox.Raw.PostAsync("containers/drift-one/update", new JsonObject { ["Memory"] = 32 << 20, ["MemorySwap"] = 64 << 20 });
        await EventuallyAsync("given less memory", gateway, () => gateway.Look("drift-one") is { State.Running: true, HostConfig.Memory: 48 << 20 });

        Assert.True((await sandbox.Docker.Containers.RemoveAsync("drift-one", force: true)).IsSuccess);
        await EventuallyAsync("removed", gateway, () => gateway.Runs("drift-one"));

        await gateway.Supervisor.StatusAsync(status => (string?)status["applications"]?["drift"]?["state"] == "running" && status["errors"]!.AsArray().Count == 0);
        Assert.Equal(["drift-bystander", "drift-one"], (await gateway.ContainersAsync("drift")).Keys.Order(StringComparer.Ordinal));
        var after = await gateway.ContainerAsync("drift-bystander");
        Assert.Equal((bystander.Id, bystander.State.StartedAt), (after.Id, after.State.StartedAt));
    }

    [Fact]
    public async Task Orphans_go_foreign_containers_stay_and_a_name_that_is_taken_is_reported()
    {
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var image = await sandbox.PushTestImageAsync("orphans", new TestImage { Healthcheck = TestImage.Check("true") });
        var foreign = await MakeAsync("clash-one", image, []);
        var labelled = await MakeAsync("stranger", image, new() { ["io.gateway.role"] = "something", ["com.example"] = "x" });
        var orphan = await MakeAsync("lost-one", image, new() { ["io.gateway.application"] = "lost", ["io.gateway.service"] = "one", ["io.gateway.config"] = "abc" });
        try
        {
            await gateway.DesireAsync($$"""
                  clash: {services: {one: {image: "{{image}}", stop_signal: SIGKILL} } }
                  fine: {services: {one: {image: "{{image}}", stop_signal: SIGKILL} } }
                """);
            var status = await gateway.StateAsync("clash", "failed");
            Assert.Contains("the name 'clash-one' is taken by a container that is not ours", SupervisedGateway.ReasonOf(status, "clash"), StringComparison.Ordinal);
            await gateway.StateAsync("fine", "running");
            await gateway.Supervisor.EventuallyAsync(() => !gateway.IsThere(orphan));
            Assert.True(gateway.Runs("clash-one", foreign) && gateway.Runs("stranger", labelled));

            // The clash is resolved by whoever made it, and noticed at once.
            Assert.True((await sandbox.Docker.Containers.RenameAsync(foreign, "out-of-the-way")).IsSuccess);
            await gateway.AppliedAsync();
            Assert.True(gateway.Runs("clash-one") && gateway.Runs("out-of-the-way", foreign));
        }
        finally
        {
            foreach (var id in new[] { foreign, labelled, orphan })
            {
                await sandbox.Docker.Containers.RemoveAsync(id, force: true);
            }
        }
    }

    private static Task EventuallyAsync(string what, SupervisedGateway gateway, Func<bool> repaired) => gateway.Supervisor.EventuallyAsync(repaired, () => $"it was {what}, and is not repaired");

    private async Task<string> MakeAsync(string name, string image, Dictionary<string, string> labels)
    {
        Assert.True((await sandbox.Docker.Images.PullAsync(image)).IsSuccess);
        var made = await sandbox.Docker.Containers.CreateAsync(name, new ContainerSpec { Image = image, Labels = labels });
        Assert.True(made.IsSuccess, string.Join("; ", made.Failures));
        Assert.True((await sandbox.Docker.Containers.StartAsync(made.Value.Id)).IsSuccess);
        return made.Value.Id;
    }

    private static string Text(string image) => $$"""
          drift:
            services:
              one: {image: "{{image}}", stop_signal: SIGKILL, mem_limit: 48m}
              bystander: {image: "{{image}}", stop_signal: SIGKILL}
        """;
}
