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
        var logs = await AskAsync(supervisor, await author.EnvelopeAsync(Operator.Command(2, "c-2", "logs", "\"application\":\"a\",\"service\":\"b\",\"lease\":\"1m\"")), "c-2");
        Assert.Contains("policy.logs", (string?)logs["message"], StringComparison.Ordinal);
        var reboot = await AskAsync(supervisor, await author.EnvelopeAsync(Operator.Command(3, "c-3", "reboot", "")), "c-3");
        Assert.Contains("no host controller took the request", (string?)reboot["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groups_are_joined_and_left_at_once_and_saved_over_a_restart()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("joined", new TestImage { Command = ["sleep", "infinity"] });
        await using var supervisor = new RunningSupervisor(sandbox, "gw-groups");
        await supervisor.ConfigureAsync(author, groups: "");
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.EventuallyAsync(() => supervisor.Last("presence") == "online");
        await supervisor.PublishAsync("group/beta/desired", await author.EnvelopeAsync(Operator.Desired(1, $$"""  joined: {services: {one: {image: "{{image}}", stop_signal: SIGKILL} } }""")), retained: true);

        Assert.True((bool)(await AskAsync(supervisor, await author.EnvelopeAsync(Operator.Command(1, "j-1", "join", "\"group\":\"beta\"")), "j-1"))["ok"]!);
        await supervisor.StatusAsync(status => status["groups"]!.ToJsonString() == "[\"beta\"]" && (string?)status["applications"]?["joined"]?["state"] == "running");
        // The group's command topic is heard as well.
        await supervisor.PublishAsync("group/beta/command", await author.EnvelopeAsync(Operator.Command(1, "j-2", "leave", "\"group\":\"beta\"")), retained: false);
        await supervisor.EventuallyAsync(() => supervisor.Last("reply/j-2") is not null);
        await supervisor.StatusAsync(status => status["groups"]!.AsArray().Count == 0 && status["applications"]!.AsObject().Count == 0);
        Assert.False((await sandbox.Docker.Containers.InspectAsync("joined-one")).IsSuccess);

        Assert.True((bool)(await AskAsync(supervisor, await author.EnvelopeAsync(Operator.Command(2, "j-3", "join", "\"group\":\"beta\"")), "j-3"))["ok"]!);
        Assert.Equal("saved groups: beta", (string?)(await AskAsync(supervisor, await author.EnvelopeAsync(Operator.Command(3, "j-4", "save", "")), "j-4"))["message"]);
        await supervisor.StopAsync();
        Assert.Equal(0, supervisor.ExitCode);
        supervisor.Start();
        await supervisor.StatusAsync(status => status["groups"]!.ToJsonString() == "[\"beta\"]" && (string?)status["applications"]?["joined"]?["state"] == "running");
    }

    [Fact]
    public async Task A_reboot_that_the_host_controller_takes_is_answered_and_asked_for_once()
    {
        await using var author = await Operator.CreateAsync();
        await using var supervisor = new RunningSupervisor(sandbox, "gw-reboot");
        await supervisor.ConfigureAsync(author);
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.EventuallyAsync(() => supervisor.Last("presence") == "online");
        var request = Path.Combine(supervisor.Folder, "run", "reboot-request");
        var reboot = await author.EnvelopeAsync(Operator.Command(1, "b-1", "reboot", ""));
        await supervisor.PublishAsync("gateway/gw-reboot/command", reboot, retained: false);
        await supervisor.EventuallyAsync(() => File.Exists(request));
        Assert.Equal("b-1", (string?)JsonNode.Parse(await File.ReadAllTextAsync(request))!["id"]);
        File.Delete(request);
        await supervisor.EventuallyAsync(() => supervisor.Last("reply/b-1") is not null);
        Assert.True((bool)JsonNode.Parse(supervisor.Last("reply/b-1")!)!["ok"]!);

        // After the boot the broker sends it again: nothing.
        await supervisor.StopAsync(kill: true);
        supervisor.Start();
        await supervisor.EventuallyAsync(() => supervisor.Log.Split("Connected to the broker").Length > 2);
        await supervisor.PublishAsync("gateway/gw-reboot/command", reboot, retained: false);
        await supervisor.PublishAsync("gateway/gw-reboot/command", await author.EnvelopeAsync(Operator.Command(2, "b-2", "leave", "\"group\":\"none\"")), retained: false);
        await supervisor.EventuallyAsync(() => supervisor.Last("reply/b-2") is not null);
        Assert.False(File.Exists(request));
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
