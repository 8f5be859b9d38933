using System.Text.Json.Nodes;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>Windows and locks: when changes may begin.</summary>
[Collection("sandbox")]
public sealed class LocksTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task A_lock_holds_changes_up_but_not_restarts_survives_a_crash_and_ends_with_its_release()
    {
        await using var author = await Operator.CreateAsync();
        var one = await sandbox.PushTestImageAsync("locked", new TestImage { Command = ["sleep", "infinity"] });
        var two = await sandbox.PushTestImageAsync("locked", new TestImage { Command = ["sleep", "1000000"] });
        await using var supervisor = new RunningSupervisor(sandbox, "gw-locks");
        await supervisor.ConfigureAsync(author);
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.PublishAsync("gateway/gw-locks/desired", await author.EnvelopeAsync(Desired(1, one)), retained: true);
        await supervisor.StatusAsync(status => State(status) == "running");
        var before = (await sandbox.Docker.Containers.InspectAsync("held-one")).Value;

        Assert.Equal(0, (await supervisor.RunAsync("lock", "press", "--for", "1h", "--reason", "in production")).ExitCode);
        await supervisor.PublishAsync("gateway/gw-locks/desired", await author.EnvelopeAsync(Desired(2, two)), retained: true);
        var waiting = await supervisor.StatusAsync(status => State(status) == "waiting");
        Assert.Contains("locked by press (in production)", (string?)waiting["applications"]!["held"]!["reason"], StringComparison.Ordinal);
        Assert.Equal("press", (string?)waiting["locks"]![0]!["owner"]);
        Assert.Equal((string?)waiting["locks"]![0]!["until"], (string?)waiting["applications"]!["held"]!["until"]);
        Assert.Empty(waiting["errors"]!.AsArray());

        // A restart is no change; neither is one by a crash of the supervisor, which keeps the lock.
        await sandbox.Docker.Containers.StopAsync(before.Id);
        await supervisor.EventuallyAsync(() => sandbox.Docker.Containers.InspectAsync(before.Id).Result.Value.State.Running);
        await supervisor.StopAsync(kill: true);
        supervisor.Start();
        await supervisor.EventuallyAsync(() => supervisor.Log.Contains("as kept on disk: serial 2", StringComparison.Ordinal));
        await Task.Delay(TimeSpan.FromSeconds(3));
        Assert.Equal(before.Id, (await sandbox.Docker.Containers.InspectAsync("held-one")).Value.Id);

        Assert.Equal(0, (await supervisor.RunAsync("unlock", "press")).ExitCode);
        await supervisor.StatusAsync(status => State(status) == "running" && status["locks"]!.AsArray().Count == 0 && (int?)status["desired"]!["gateway"]!["serial"] == 2);
        await supervisor.EventuallyAsync(() => sandbox.Docker.Containers.InspectAsync("held-one").Result is { IsSuccess: true } now && now.Value.Id != before.Id);
    }

    [Fact]
    public async Task While_an_update_is_under_way_no_lock_is_given()
    {
        await using var author = await Operator.CreateAsync();
        var one = await sandbox.PushTestImageAsync("changing", new TestImage { Command = ["sleep", "infinity"] });
        var never = await sandbox.PushTestImageAsync("changing", new TestImage { Command = ["sleep", "1000001"] });
        await using var supervisor = new RunningSupervisor(sandbox, "gw-changing");
        await supervisor.ConfigureAsync(author);
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.PublishAsync("gateway/gw-changing/desired", await author.EnvelopeAsync(Desired(1, one)), retained: true);
        await supervisor.StatusAsync(status => State(status) == "running");
        // It takes long to find out that this one never gets healthy.
        await supervisor.PublishAsync("gateway/gw-changing/desired", await author.EnvelopeAsync(Desired(2, never, ", healthcheck: {test: [CMD, /bin/busybox, 'false'], interval: 5s, retries: 3}")), retained: true);
        await supervisor.StatusAsync(status => State(status) == "updating");
        await supervisor.EventuallyAsync(() => supervisor.RunAsync("lock", "press", "--for", "1h").Result is { ExitCode: 1 } refused && refused.StandardError.Contains("a change has begun", StringComparison.Ordinal));
        await supervisor.StatusAsync(status => State(status) == "rolled-back");
        await supervisor.EventuallyAsync(() => supervisor.RunAsync("lock", "press", "--for", "1h").Result.ExitCode == 0);
        Assert.Equal(0, (await supervisor.RunAsync("unlock", "press")).ExitCode);
    }

    [Fact]
    public async Task Outside_its_windows_a_gateway_waits_unless_it_is_critical()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("window", new TestImage { Command = ["sleep", "infinity"] });
        await using var supervisor = new RunningSupervisor(sandbox, "gw-window");
        await supervisor.ConfigureAsync(author, "windows: [{schedule: \"0 0 0 29 2 ? 2096\", duration: 1h, time_zone: Europe/Berlin}]");
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.PublishAsync("gateway/gw-window/desired", await author.EnvelopeAsync(Desired(1, image)), retained: true);
        var waiting = await supervisor.StatusAsync(status => State(status) == "waiting");
        Assert.Equal(("outside the maintenance windows", "2096-02-28T23:00:00.000Z"), ((string?)waiting["applications"]!["held"]!["reason"], (string?)waiting["applications"]!["held"]!["until"]));
        await supervisor.PublishAsync("gateway/gw-window/desired", await author.EnvelopeAsync("urgency: critical\n" + Desired(2, image)), retained: true);
        await supervisor.StatusAsync(status => State(status) == "running");
    }

    [Fact]
    public async Task A_container_has_its_own_socket_locks_and_reports_through_it()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("local", new TestImage { Command = ["sleep", "infinity"] });
        await using var supervisor = new RunningSupervisor(sandbox, "gw-local");
        await supervisor.ConfigureAsync(author);
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.PublishAsync("gateway/gw-local/desired", await author.EnvelopeAsync(Desired(1, image, ", x-gateway-api: true")), retained: true);
        await supervisor.StatusAsync(status => State(status) == "running");
        var container = (await sandbox.Docker.Containers.InspectAsync("held-one")).Value;
        var socket = $"/proc/{container.State.Pid}/root/run/gateway/supervisor.sock";
        await supervisor.EventuallyAsync(() => File.Exists(socket));

        Assert.Equal("""{"gateway":"gw-local","application":"held","service":"one"}""", await CurlAsync(socket, "/v1/whoami"));
        Assert.Contains("\"owner\":\"held/one\"", await CurlAsync(socket, "/v1/lock", "-X", "PUT", "-d", """{"expires_in":"10m","reason":"measuring"}"""), StringComparison.Ordinal);
        Assert.Contains("403", await CurlAsync(socket, "/v1/lock?owner=press", "-X", "DELETE", "-w", "%{http_code}"), StringComparison.Ordinal);
        Assert.Equal("""{"devices":[],"networks":[],"images":[],"dependencies":[]}""", await CurlAsync(socket, "/v1/missing"));
        Assert.Contains("calibrating", await CurlAsync(socket, "/v1/status", "-X", "PUT", "-d", """{"state":"calibrating"}"""), StringComparison.Ordinal);
        var status = await supervisor.StatusAsync(status => status["applications"]!["held"]!["services"]!["one"]!["report"] is not null);
        Assert.Equal(("calibrating", "held/one"), ((string?)status["applications"]!["held"]!["services"]!["one"]!["report"]!["state"], (string?)status["locks"]![0]!["owner"]));

        // Its folder is read-only to it: nothing of the machine's memory can be filled there.
        Assert.Contains(container.Mounts, mount => mount is { Destination: "/run/gateway", RW: false });

        // It is no longer desired; as it holds the lock it stays, and its socket with it.
        await supervisor.PublishAsync("gateway/gw-local/desired", await author.EnvelopeAsync(Operator.Desired(2, "  {}")), retained: true);
        await supervisor.StatusAsync(status => (int?)status["desired"]!["gateway"]!["serial"] == 2 && State(status) == "waiting");
        Assert.Contains("released", await CurlAsync(socket, "/v1/lock", "-X", "DELETE"), StringComparison.Ordinal);
        await supervisor.EventuallyAsync(() => !sandbox.Docker.Containers.InspectAsync("held-one").Result.IsSuccess);
        await supervisor.EventuallyAsync(() => !Directory.Exists(Path.Combine(supervisor.Folder, "run", "api", "held")));
    }

    private static string Desired(int serial, string image, string more = "") =>
        Operator.Desired(serial, $$"""  held: {services: {one: {image: "{{image}}", stop_signal: SIGKILL{{more}}} } }""");

    private static string? State(JsonNode status) => (string?)status["applications"]?["held"]?["state"];

    private async Task<string> CurlAsync(string socket, string path, params string[] more)
    {
        var outcome = await sandbox.RunInNamespaceAsync("curl", ["--silent", "--max-time", "20", "--unix-socket", socket, $"http://x{path}", .. more]);
        Assert.True(outcome.IsSuccess, outcome.StandardError);
        return outcome.StandardOutput.Trim();
    }
}
