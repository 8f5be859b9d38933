using Gateway.Core.Engine;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>Updates that fail, containers that are no longer wanted, and containers of others.</summary>
[Collection("sandbox")]
public sealed class UpdateTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task An_unhealthy_new_version_is_rolled_back_to_the_same_container_and_not_tried_again()
    {
        await using var author = await Operator.CreateAsync();
        var good = await sandbox.PushTestImageAsync("back", new TestImage { Healthcheck = TestImage.Check("true") });
        var bad = await sandbox.PushTestImageAsync("back", new TestImage { Command = ["sh", "-c", "echo the reactor is cold; sleep infinity"], Healthcheck = TestImage.Check("false") });
        await using var supervisor = await StartAsync(author, "gw-back");
        await supervisor.PublishAsync("gateway/gw-back/desired", await author.EnvelopeAsync(Operator.Desired(1, App("back", good))), retained: true);
        await supervisor.StatusAsync(status => (string?)status["applications"]?["back"]?["state"] == "running");
        var id = (await sandbox.Docker.Containers.InspectAsync("back-one")).Value.Id;

        await supervisor.PublishAsync("gateway/gw-back/desired", await author.EnvelopeAsync(Operator.Desired(2, App("back", bad))), retained: true);
        var status = await supervisor.StatusAsync(status => (string?)status["applications"]?["back"]?["state"] == "rolled-back");

        Assert.Contains("the reactor is cold", (string?)status["applications"]!["back"]!["reason"], StringComparison.Ordinal);
        await supervisor.EventuallyAsync(() => sandbox.Docker.Containers.InspectAsync("back-one").Result is { IsSuccess: true, Value: { State.Running: true } now } && now.Id == id);
        await Task.Delay(3000);
        Assert.Equal(id, (await sandbox.Docker.Containers.InspectAsync("back-one")).Value.Id);
        Assert.Equal(2, (int)status["desired"]!["gateway"]!["serial"]!);
    }

    [Fact]
    public async Task What_is_no_longer_desired_is_removed_and_what_is_foreign_is_not()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("orphan", "sleep", "infinity");
        await using var supervisor = await StartAsync(author, "gw-orphan");
        await supervisor.PublishAsync("gateway/gw-orphan/desired", await author.EnvelopeAsync(Operator.Desired(1, App("gone", image) + "\n" + App("stays", image))), retained: true);
        await supervisor.StatusAsync(status => (string?)status["applications"]?["gone"]?["state"] == "running" && (string?)status["applications"]?["stays"]?["state"] == "running");
        var foreign = (await sandbox.Docker.Containers.CreateAsync("gone-two", new ContainerSpec { Image = image })).Value.Id;

        await supervisor.PublishAsync("gateway/gw-orphan/desired", await author.EnvelopeAsync(Operator.Desired(2, App("stays", image))), retained: true);
        await supervisor.EventuallyAsync(() => !sandbox.Docker.Containers.InspectAsync("gone-one").Result.IsSuccess);

        Assert.True((await sandbox.Docker.Containers.InspectAsync("stays-one")).Value.State.Running);
        Assert.Equal(foreign, (await sandbox.Docker.Containers.InspectAsync("gone-two")).Value.Id);
        Assert.True((await sandbox.Docker.Containers.RemoveAsync(foreign, force: true)).IsSuccess);
    }

    [Fact]
    public async Task A_slow_pull_of_one_application_does_not_delay_another_or_a_restart()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("swift", "sleep", "infinity");
        using var server = sandbox.StartHttpServer();
        var (slow, _, layer) = new FaultyRegistry(server).Put("slow", new TestImage { Command = ["sleep", "1000"], Files = new TestImage().Files.Add("bin/only-here", [1, 2, 3]) });
        server.Fail(layer, new HttpFault.Hang());
        await using var supervisor = await StartAsync(author, "gw-slow");
        await supervisor.PublishAsync("gateway/gw-slow/desired", await author.EnvelopeAsync(Operator.Desired(1, App("slow", slow) + "\n" + App("swift", image))), retained: true);
        await supervisor.StatusAsync(status => (string?)status["applications"]?["swift"]?["state"] == "running");
        Assert.True((await sandbox.Docker.Containers.KillAsync("swift-one")).IsSuccess);
        await supervisor.EventuallyAsync(() => sandbox.Docker.Containers.InspectAsync("swift-one").Result is { IsSuccess: true, Value.State.Running: true });
        Assert.False((await sandbox.Docker.Containers.InspectAsync("slow-one")).IsSuccess);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(150)]
    [InlineData(400)]
    [InlineData(900)]
    [InlineData(1600)]
    public async Task Ended_in_the_middle_of_an_update_it_converges_when_it_runs_again(int milliseconds)
    {
        await using var author = await Operator.CreateAsync();
        var old = await sandbox.PushTestImageAsync("middle", "sleep", "infinity");
        var young = await sandbox.PushTestImageAsync("middle", new TestImage { Command = ["sleep", "1000000"], Healthcheck = TestImage.Check("true") });
        await using var supervisor = await StartAsync(author, "gw-middle");
        await supervisor.PublishAsync("gateway/gw-middle/desired", await author.EnvelopeAsync(Operator.Desired(1, Four(old))), retained: true);
        await supervisor.StatusAsync(status => (string?)status["applications"]?["middle"]?["state"] == "running");
        var log = supervisor.Log.Length;

        await supervisor.PublishAsync("gateway/gw-middle/desired", await author.EnvelopeAsync(Operator.Desired(2, Four(young))), retained: true);
        await supervisor.EventuallyAsync(() => supervisor.Log[log..].Contains("rename container", StringComparison.Ordinal));
        await Task.Delay(milliseconds);
        await supervisor.StopAsync();
        Assert.Equal(0, supervisor.ExitCode);

        supervisor.Start();
        await supervisor.StatusAsync(status => (string?)status["applications"]?["middle"]?["state"] == "running" && (string?)status["desired"]?["gateway"]?["state"] == "applied"
            && (string?)status["applications"]!["middle"]!["services"]?["four"]?["image"] == young);
        var found = (await sandbox.Docker.Containers.ListAsync(["io.gateway.application=middle"])).Value;
        Assert.Equal(["middle-four", "middle-one", "middle-three", "middle-two"], found.Select(container => container.Names[0].TrimStart('/')).Order());
        Assert.All(found, container => Assert.Equal((young, "running"), (container.Image, container.State)));
    }

    private static string Four(string image) => $$"""
          middle:
            services:
              one: {image: "{{image}}", stop_grace_period: 1s}
              two: {image: "{{image}}", stop_grace_period: 1s, depends_on: [one]}
              three: {image: "{{image}}", stop_grace_period: 1s, depends_on: [two]}
              four: {image: "{{image}}", stop_grace_period: 1s, depends_on: [three]}
        """;

    private static string App(string name, string image) => $$"""
          {{name}}:
            services:
              one: {image: "{{image}}", restart: always}
        """;

    private async Task<RunningSupervisor> StartAsync(Operator author, string id)
    {
        var supervisor = new RunningSupervisor(sandbox, id);
        await supervisor.ConfigureAsync(author);
        await supervisor.WatchAsync();
        supervisor.Start();
        return supervisor;
    }
}
