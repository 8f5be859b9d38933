using System.Text.Json.Nodes;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>Tests 04 to 08 of the Flex4Grid thesis's table 6.</summary>
[Collection("sandbox")]
public sealed class Table6Tests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task Test_04_supervisor_regularly_publishes_status()
    {
        await using var supervisor = await StartAsync(null, "status_interval: 1s");
        await supervisor.EventuallyAsync(() => supervisor.CountOf("status") >= 4);

        var status = await supervisor.StatusAsync(_ => true);
        Assert.Equal(1, (int)status["schema"]!);
        Assert.Equal(supervisor.Id, (string)status["gateway"]!);
        Assert.Equal("online", supervisor.Last("presence"));

        await supervisor.StopAsync();
        await supervisor.EventuallyAsync(() => supervisor.Last("presence") == "offline");
    }

    [Fact]
    public async Task Test_05_publishes_status_upon_command()
    {
        await using var supervisor = await StartAsync(null, "status_interval: 1d");
        await supervisor.StatusAsync(_ => true);
        await Task.Delay(2000);
        var before = supervisor.CountOf("status");

        await supervisor.PublishAsync($"gateway/{supervisor.Id}/command", """{"command":"status"}"""u8.ToArray(), retained: false);
        await supervisor.EventuallyAsync(() => supervisor.CountOf("status") == before + 1);
    }

    [Fact]
    public async Task Test_06_middleware_runs_as_configured_in_the_retained_group_message()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("t06", "sleep", "infinity");
        await using var supervisor = await WatchedAsync(author);
        await supervisor.PublishAsync("group/beta/desired", await author.EnvelopeAsync(Operator.Desired(1, $$"""
              middle:
                version: "1.0"
                services:
                  one: {image: "{{image}}", environment: {COLOUR: blue} }
                  two: {image: "{{image}}", depends_on: [one]}
            """)), retained: true);
        supervisor.Start();

        var status = await supervisor.StatusAsync(status => IsRunning(status, "middle") && (string?)status["desired"]?["group:beta"]?["state"] == "applied");
        Assert.Equal(1, (int)status["desired"]!["group:beta"]!["serial"]!);
        var one = (await sandbox.Docker.Containers.InspectAsync("middle-one")).Value;
        Assert.Contains("COLOUR=blue", one.Config.Env);
        Assert.Equal("group:beta:1", one.Config.Labels["io.gateway.release"]);
        Assert.True((await sandbox.Docker.Containers.InspectAsync("middle-two")).Value.State.Running);
    }

    [Fact]
    public async Task Test_07_a_tampered_or_unsigned_message_is_refused_and_what_runs_stays()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("t07", "sleep", "infinity");
        await using var supervisor = await WatchedAsync(author);
        supervisor.Start();
        var topic = $"gateway/{supervisor.Id}/desired";
        var good = Operator.Desired(1, App(image, "one"));
        await supervisor.PublishAsync(topic, await author.EnvelopeAsync(good), retained: true);
        await supervisor.StatusAsync(status => IsRunning(status, "middle"));
        var id = await IdAsync("middle-one");

        var tampered = Operator.Envelope(good.Replace("one", "evil"), System.Text.Encoding.ASCII.GetString(await author.SignAsync(good)));
        await supervisor.PublishAsync(topic, tampered, retained: true);
        var status = await supervisor.StatusAsync(status => status["desired"]?["gateway"]?["refused"] is not null);
        Assert.Equal(1, (int)status["desired"]!["gateway"]!["serial"]!);

        await supervisor.PublishAsync(topic, Operator.Envelope(Operator.Desired(2, App(image, "evil")), ""), retained: true);
        await supervisor.StatusAsync(status => (string?)status["desired"]?["gateway"]?["refused"]?["reason"] is { } reason && reason.Contains("signature", StringComparison.Ordinal));
        Assert.Equal(id, await IdAsync("middle-one"));
        Assert.False((await sandbox.Docker.Containers.InspectAsync("middle-evil")).IsSuccess);
    }

    [Fact]
    public async Task Test_08_configuration_is_updated_by_a_new_message()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("t08", "sleep", "infinity");
        await using var supervisor = await WatchedAsync(author);
        supervisor.Start();
        await supervisor.PublishAsync("group/beta/desired", await author.EnvelopeAsync(Operator.Desired(1, Two(image, "blue"))), retained: true);
        await supervisor.StatusAsync(status => IsRunning(status, "middle"));
        var (one, two) = (await IdAsync("middle-one"), await IdAsync("middle-two"));

        await supervisor.PublishAsync("group/beta/desired", await author.EnvelopeAsync(Operator.Desired(2, Two(image, "green"))), retained: true);
        await supervisor.StatusAsync(status => (int?)status["desired"]?["group:beta"]?["serial"] == 2 && (string?)status["desired"]!["group:beta"]!["state"] == "applied");

        Assert.Equal(one, await IdAsync("middle-one"));
        Assert.NotEqual(two, await IdAsync("middle-two"));
        Assert.Contains("COLOUR=green", (await sandbox.Docker.Containers.InspectAsync("middle-two")).Value.Config.Env);

        // The first release again: replayed, refused, and nothing changes.
        await supervisor.PublishAsync("group/beta/desired", await author.EnvelopeAsync(Operator.Desired(1, Two(image, "red"))), retained: true);
        await supervisor.StatusAsync(status => ((string?)status["desired"]?["group:beta"]?["refused"]?["reason"])?.Contains("replayed", StringComparison.Ordinal) == true);
        Assert.Contains("COLOUR=green", (await sandbox.Docker.Containers.InspectAsync("middle-two")).Value.Config.Env);
    }

    private static string App(string image, string service) => $$"""
          middle:
            services:
              {{service}}: {image: "{{image}}"}
        """;

    private static string Two(string image, string colour) => $$"""
          middle:
            services:
              one: {image: "{{image}}"}
              two: {image: "{{image}}", environment: {COLOUR: "{{colour}}"} }
        """;

    private static bool IsRunning(JsonNode status, string application) => (string?)status["applications"]?[application]?["state"] == "running";

    private async Task<string> IdAsync(string container) => (await sandbox.Docker.Containers.InspectAsync(container)).Value.Id;

    private async Task<RunningSupervisor> WatchedAsync(Operator? author, string more = "")
    {
        var supervisor = new RunningSupervisor(sandbox, $"gw-{Guid.NewGuid():N}"[..12]);
        await supervisor.ConfigureAsync(author, more);
        await supervisor.WatchAsync();
        return supervisor;
    }

    private async Task<RunningSupervisor> StartAsync(Operator? author, string more)
    {
        var supervisor = await WatchedAsync(author, more);
        supervisor.Start();
        return supervisor;
    }
}
