using System.Text.Json.Nodes;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>Commands over the broker.</summary>
[Collection("sandbox")]
public sealed class CommandTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task Restart_restarts_that_application_alone_replies_and_does_nothing_when_replayed()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("command", new TestImage { Command = ["sleep", "infinity"] });
        await using var supervisor = new RunningSupervisor(sandbox, "gw-command");
        await supervisor.ConfigureAsync(author);
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.PublishAsync("gateway/gw-command/desired", await author.EnvelopeAsync(Operator.Desired(1, $$"""
              command: {services: {one: {image: "{{image}}", stop_signal: SIGKILL}, two: {image: "{{image}}", stop_signal: SIGKILL} } }
              other: {services: {one: {image: "{{image}}"} } }
            """)), retained: true);
        await supervisor.StatusAsync(status => (string?)status["applications"]?["command"]?["state"] == "running" && (string?)status["applications"]?["other"]?["state"] == "running");
        var before = await StartsAsync();

        var restart = await author.EnvelopeAsync(Operator.Command(1, "r-1", "restart", "\"application\":\"command\""));
        var reply = await AskAsync(supervisor, restart, "r-1");
        Assert.Equal((true, "restarted 2 container(s)"), ((bool)reply["ok"]!, (string?)reply["message"]));
        await supervisor.EventuallyAsync(() => sandbox.Docker.Containers.InspectAsync("command-two").Result.Value.State.Running);
        var after = await StartsAsync();
        Assert.True(after[0].Started > before[0].Started && after[1].Started > before[1].Started);
        Assert.Equal(before[2], after[2]);
        Assert.Equal(before.Select(one => one.Id), after.Select(one => one.Id));

        // The same bytes again, a lower serial, and one signed by nobody: nothing restarts, and the first is not answered again.
        await supervisor.PublishAsync("gateway/gw-command/command", restart, retained: false);
        await supervisor.PublishAsync("gateway/gw-command/command", Operator.Envelope(Operator.Command(9, "r-9", "restart", "\"application\":\"command\""), ""), retained: false);
        var one = await AskAsync(supervisor, await author.EnvelopeAsync(Operator.Command(5, "r-5", "restart", "\"application\":\"command\",\"service\":\"one\"")), "r-5");
        Assert.Equal("restarted 1 container(s)", (string?)one["message"]);
        await supervisor.PublishAsync("gateway/gw-command/command", await author.EnvelopeAsync(Operator.Command(4, "r-4", "restart", "\"application\":\"command\"")), retained: false);
        await supervisor.StatusAsync(status => status["errors"]!.AsArray().Any(error => ((string?)error!["message"])!.Contains("is replayed", StringComparison.Ordinal)));
        Assert.Equal(after[1], (await StartsAsync())[1]);

        // Nor after a crash: the mark was on disk before the command was carried out.
        await supervisor.StopAsync(kill: true);
        await supervisor.EventuallyAsync(() => supervisor.Last("presence") == "offline");
        supervisor.Start();
        await supervisor.EventuallyAsync(() => supervisor.Last("presence") == "online");
        await supervisor.PublishAsync("gateway/gw-command/command", restart, retained: false);
        await supervisor.StatusAsync(status => status["errors"]!.AsArray().Any(error => ((string?)error!["message"])!.Contains("serial 1 is lower than 5", StringComparison.Ordinal)));
        Assert.Equal(after[1], (await StartsAsync())[1]);
        Assert.Equal((1, 0, 0), (supervisor.CountOf("reply/r-1"), supervisor.CountOf("reply/r-9"), supervisor.CountOf("reply/r-4")));
    }

    [Fact]
    public async Task What_cannot_be_done_is_answered_with_the_reason()
    {
        await using var author = await Operator.CreateAsync();
        await using var supervisor = new RunningSupervisor(sandbox, "gw-cannot");
        await supervisor.ConfigureAsync(author);
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.EventuallyAsync(() => supervisor.Last("presence") == "online");

        var absent = await AskAsync(supervisor, await author.EnvelopeAsync(Operator.Command(1, "c-1", "restart", "\"application\":\"nowhere\"")), "c-1");
        Assert.False((bool)absent["ok"]!);
        Assert.Contains("nowhere: no such container runs", (string?)absent["message"], StringComparison.Ordinal);
    }

    private static async Task<JsonNode> AskAsync(RunningSupervisor supervisor, byte[] command, string id)
    {
        await supervisor.PublishAsync($"gateway/{supervisor.Id}/command", command, retained: false);
        await supervisor.EventuallyAsync(() => supervisor.Last($"reply/{id}") is not null);
        return JsonNode.Parse(supervisor.Last($"reply/{id}")!)!;
    }

    private async Task<IReadOnlyList<(string Id, DateTimeOffset Started)>> StartsAsync()
    {
        var found = await Task.WhenAll(new[] { "command-one", "command-two", "other-one" }.Select(name => sandbox.Docker.Containers.InspectAsync(name)));
        return [.. found.Select(container => (container.Value.Id, container.Value.State.StartedAt))];
    }
}
