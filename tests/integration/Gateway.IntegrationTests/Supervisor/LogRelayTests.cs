using System.Text.Json.Nodes;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>Log lines over the broker: leased, and no more than a share of them.</summary>
[Collection("sandbox")]
public sealed class LogRelayTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task Lines_are_relayed_while_the_lease_runs_over_a_restart_of_the_container()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("talker", new TestImage { Command = ["sh", "-c", "i=0; while sleep 0.2; do i=$((i+1)); echo line $i; done"] });
        await using var supervisor = new RunningSupervisor(sandbox, "gw-logs");
        await supervisor.ConfigureAsync(author, "policy: {logs: true}");
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.PublishAsync("gateway/gw-logs/desired", await author.EnvelopeAsync(Operator.Desired(1, $$"""  talk: {services: {one: {image: "{{image}}", stop_signal: SIGKILL} } }""")), retained: true);
        await supervisor.StatusAsync(status => (string?)status["applications"]?["talk"]?["state"] == "running");

        Assert.True((bool)(await AskAsync(supervisor, author, 1, "20s"))["ok"]!);
        await supervisor.EventuallyAsync(() => supervisor.Last("log/talk/one")?.Contains("line ", StringComparison.Ordinal) == true);
        var id = (await sandbox.Docker.Containers.InspectAsync("talk-one")).Value.Id;
        Assert.True((await sandbox.Docker.Containers.RestartAsync(id)).IsSuccess);
        var count = supervisor.CountOf("log/talk/one");
        await supervisor.EventuallyAsync(() => supervisor.CountOf("log/talk/one") > count + 3 && supervisor.Last("log/talk/one")!.Contains("line ", StringComparison.Ordinal));
        await supervisor.EventuallyAsync(() => supervisor.Last("log/talk/one")!.Contains("[gateway] the lease has ended", StringComparison.Ordinal));
        count = supervisor.CountOf("log/talk/one");
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.Equal(count, supervisor.CountOf("log/talk/one"));
    }

    [Fact]
    public async Task One_that_writes_without_end_costs_no_memory_and_its_dropped_lines_are_counted()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("shouter", new TestImage { Command = ["yes", "a line of a container that is out of its mind"] });
        await using var supervisor = new RunningSupervisor(sandbox, "gw-shout");
        await supervisor.ConfigureAsync(author, "policy: {logs: true}");
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.PublishAsync("gateway/gw-shout/desired", await author.EnvelopeAsync(Operator.Desired(1, $$"""  shout: {services: {one: {image: "{{image}}", stop_signal: SIGKILL, logging: {driver: json-file, options: {max-size: 1m, max-file: "2"} } } } }""")), retained: true);
        await supervisor.StatusAsync(status => (string?)status["applications"]?["shout"]?["state"] == "running");
        Assert.True((bool)(await AskAsync(supervisor, author, 1, "15s", "shout"))["ok"]!);
        await supervisor.EventuallyAsync(() => supervisor.Last("log/shout/one")?.Contains("[gateway] dropped ", StringComparison.Ordinal) == true);
        await supervisor.EventuallyAsync(() => supervisor.Last("log/shout/one")!.Contains("[gateway] the lease has ended", StringComparison.Ordinal));
        var resident = File.ReadLines($"/proc/{supervisor.Pid}/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        Assert.InRange(int.Parse(resident), 1, 200 * 1024);
        // Commands and the watchdog go on meanwhile.
        Assert.Equal(0, (await supervisor.RunAsync("health")).ExitCode);
    }

    private static async Task<JsonNode> AskAsync(RunningSupervisor supervisor, Operator author, int serial, string lease, string application = "talk")
    {
        await supervisor.PublishAsync(
            $"gateway/{supervisor.Id}/command",
            await author.EnvelopeAsync(Operator.Command(serial, $"l-{serial}", "logs", $"\"application\":\"{application}\",\"service\":\"one\",\"lease\":\"{lease}\"")),
            retained: false);
        await supervisor.EventuallyAsync(() => supervisor.Last($"reply/l-{serial}") is not null);
        return JsonNode.Parse(supervisor.Last($"reply/l-{serial}")!)!;
    }
}
