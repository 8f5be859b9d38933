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
        await gateway.ApplyAsync(Text(image, "stopped", "killed", "renamed", "paused", "disconnected", "starved", "removed", "bystander"));
        var before = await gateway.ContainersAsync("drift");
        var bystander = await gateway.ContainerAsync("drift-bystander");

        await sandbox.Raw.PostAsync("containers/drift-stopped/stop?t=0");
        await sandbox.Raw.PostAsync("containers/drift-killed/kill");
        await sandbox.Raw.PostAsync("containers/drift-renamed/rename?name=mine-now");
        await sandbox.Raw.PostAsync("containers/drift-paused/pause");
        await sandbox.Raw.PostAsync("networks/drift_default/disconnect", new JsonObject { ["Container"] = "drift-disconnected", ["Force"] = true });
        await sandbox.Raw.PostAsync("containers/drift-starved/update", new JsonObject { ["Memory"] = 32 << 20, ["MemorySwap"] = 64 << 20 });
        Assert.True((await sandbox.Docker.Containers.RemoveAsync("drift-removed", force: true)).IsSuccess);

        // The same container where that is enough, another where it takes one.
        await EventuallyAsync("stopped", gateway, () => gateway.Runs("drift-stopped", before["drift-stopped"]));
        await EventuallyAsync("killed", gateway, () => gateway.Runs("drift-killed", before["drift-killed"]));
        await EventuallyAsync("renamed", gateway, () => gateway.Runs("drift-renamed", before["drift-renamed"]) && !gateway.IsThere("mine-now"));
        await EventuallyAsync("paused", gateway, () => gateway.Look("drift-paused") is { State: { Running: true, Paused: false } } now && now.Id == before["drift-paused"]);
        await EventuallyAsync("disconnected", gateway, () => gateway.Look("drift-disconnected") is { State.Running: true } now && now.NetworkSettings.Networks.ContainsKey("drift_default"));
        await EventuallyAsync("given less memory", gateway, () => gateway.Look("drift-starved") is { State.Running: true, HostConfig.Memory: 48 << 20 });
        await EventuallyAsync("removed", gateway, () => gateway.Runs("drift-removed"));

        await EventuallyAsync("cleaned up", gateway, () => gateway.ContainersAsync("drift").Result.Keys.Order(StringComparer.Ordinal).SequenceEqual(before.Keys.Order(StringComparer.Ordinal)));
        await gateway.Supervisor.StatusAsync(status => (string?)status["applications"]?["drift"]?["state"] == "running" && status["errors"]!.AsArray().Count == 0);
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

    private static string Text(string image, params string[] services) =>
        "  drift:\n    services:\n" + string.Join('\n', services.Select(service => $"      {service}: {{image: \"{image}\", stop_signal: SIGKILL, mem_limit: 48m}}"));
}
