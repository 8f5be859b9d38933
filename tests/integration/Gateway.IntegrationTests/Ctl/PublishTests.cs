using System.Security.Cryptography;
using System.Text.Json;
using Gateway.Core.Trust;

namespace Gateway.IntegrationTests.Ctl;

public class PublishTests
{
    [Fact]
    public async Task A_published_state_arrives_as_a_retained_envelope_that_verifies()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var desk = new OperatorDesk();
        await desk.MakeKeyAsync();
        var file = await desk.SignedAsync(desk.WriteDesired("desired.yaml"));

        var published = await desk.RunAsync("publish", file, "--broker", broker.Address, "--gateway", "gw-1", "--trusted", desk.Trusted);
        await using var gateway = await FakeGateway.StartAsync(broker, "gw-1");
        var envelope = await gateway.ReceiveAsync();
        var verified = await new SignatureVerifier(desk.Trusted).VerifyAsync(envelope.Payload, envelope.Signature, CancellationToken.None);

        Assert.True(published.Exit == 0, published.All);
        Assert.True(verified.IsSuccess);
        Assert.Equal(await File.ReadAllBytesAsync(file), envelope.Payload.Utf8.ToArray());
    }

    [Fact]
    public async Task Waiting_ends_with_0_once_it_is_applied()
    {
        var run = await FollowAsync((gateway, sha256) => gateway.StatusAsync(Source(sha256, "applied"), """ "metering":{"version":"1.2","state":"running","services":{}} """));

        Assert.True(run.Exit == 0, run.All);
        Assert.Contains("gw-1: applied", run.Output);
    }

    [Fact]
    public async Task Waiting_shows_progress_and_ends_with_2_once_it_is_rolled_back()
    {
        var run = await FollowAsync(async (gateway, sha256) =>
        {
            await gateway.StatusAsync(Source(sha256, "pending"), """ "metering":{"version":"1.2","state":"updating","services":{}} """);
            await Task.Delay(200);
            await gateway.StatusAsync(Source(sha256, "pending"), """ "metering":{"version":"1.1","state":"rolled-back","reason":"db was unhealthy\nlast line","services":{}} """);
        });

        Assert.Equal(2, run.Exit);
        Assert.Contains("metering 1.2 updating", run.Error);
        Assert.Contains("rolled-back: db was unhealthy; last line", run.Output);
    }

    [Fact]
    public async Task Waiting_ends_with_3_once_it_is_refused()
    {
        var run = await FollowAsync((gateway, _) =>
            gateway.StatusAsync(""" "gateway":{"serial":9,"sha256":"x","state":"applied","refused":{"serial":2,"reason":"is replayed"}} """, ""));

        Assert.Equal(3, run.Exit);
        Assert.Contains("gw-1: refused: is replayed", run.Output);
    }

    [Fact]
    public async Task What_the_keys_do_not_verify_is_not_published()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var desk = new OperatorDesk();
        await desk.MakeKeyAsync();
        var file = await desk.SignedAsync(desk.WriteDesired("desired.yaml"));
        await File.AppendAllTextAsync(file, "# altered\n");

        var run = await desk.RunAsync("publish", file, "--broker", broker.Address, "--gateway", "gw-1", "--trusted", desk.Trusted);
        var forced = await desk.RunAsync("publish", file, "--broker", broker.Address, "--gateway", "gw-1", "--trusted", desk.Trusted, "--force");

        Assert.Equal(3, run.Exit);
        Assert.DoesNotContain("published", run.Output);
        Assert.Equal(0, forced.Exit);
    }

    [Fact]
    public async Task A_release_for_somebody_else_is_not_published()
    {
        await using var desk = new OperatorDesk();
        await desk.MakeKeyAsync();
        var file = await desk.SignedAsync(desk.WriteDesired("desired.yaml", targets: "gateway:gw-2"));

        var run = await desk.RunAsync("publish", file, "--broker", "127.0.0.1:1", "--gateway", "gw-1");

        Assert.Equal(3, run.Exit);
        Assert.Contains("gateway:gw-2", run.Error);
    }

    [Fact]
    public async Task A_broker_that_is_away_ends_with_5_and_one_line()
    {
        await using var desk = new OperatorDesk();

        var run = await desk.RunAsync("status", "--broker", "127.0.0.1:1");

        Assert.Equal(5, run.Exit);
        Assert.Single(run.Error.TrimEnd().Split('\n'));
    }

    [Fact]
    public async Task Status_lists_every_gateway_for_people_and_for_programs()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var desk = new OperatorDesk();
        desk.Environment["GATEWAYCTL_BROKER"] = broker.Address;
        await using var first = await FakeGateway.StartAsync(broker, "gw-1");
        await using var second = await FakeGateway.StartAsync(broker, "gw-2");
        await second.SayAsync("presence", "offline", retained: true);

        var text = await desk.RunAsync("status");
        var json = await desk.RunAsync("status", "--output", "json");
        var unknown = await desk.RunAsync("status", "--gateway", "gw-3");

        Assert.Matches("gw-1 +online", text.Output);
        Assert.Matches("gw-2 +offline", text.Output);
        Assert.Equal(["online", "offline"], JsonDocument.Parse(json.Output).RootElement.EnumerateArray().Select(gateway => gateway.GetProperty("presence").GetString()));
        Assert.Equal(5, unknown.Exit);
    }

    [Fact]
    public async Task A_command_is_signed_and_its_reply_shown()
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var desk = new OperatorDesk();
        await desk.MakeKeyAsync();
        await using var gateway = await FakeGateway.StartAsync(broker, "gw-1");

        var running = desk.RunAsync("command", "restart", "metering/db", "--gateway", "gw-1", "--broker", broker.Address, "--home", desk.Home);
        var envelope = await gateway.ReceiveAsync();
        var verified = await new SignatureVerifier(desk.Trusted).VerifyAsync(envelope.Payload, envelope.Signature, CancellationToken.None);
        var command = Assert.IsType<Reconciliation.Desired.RestartCommand>(Reconciliation.Desired.Command.Parse(verified.Value).Value);
        await gateway.SayAsync($"reply/{command.Id}", $$"""{"id":"{{command.Id}}","ok":true,"message":"restarted"}""", retained: false);
        var run = await running;

        Assert.Equal(("metering", "db"), (command.Application, command.Service));
        Assert.True(run.Exit == 0, run.All);
        Assert.Contains("gw-1: done: restarted", run.Output);
    }

    private static string Source(string sha256, string state) => $$""" "gateway":{"serial":2,"sha256":"{{sha256}}","state":"{{state}}"} """;

    /// <summary>Publishes serial 2 to a gateway that answers as told, and waits.</summary>
    private static async Task<CtlRun> FollowAsync(Func<FakeGateway, string, Task> answer)
    {
        await using var broker = await Mosquitto.StartAsync();
        await using var desk = new OperatorDesk();
        await desk.MakeKeyAsync();
        await using var gateway = await FakeGateway.StartAsync(broker, "gw-1");
        var file = await desk.SignedAsync(desk.WriteDesired("desired.yaml", serial: 2));
        var running = desk.RunAsync("publish", file, "--broker", broker.Address, "--gateway", "gw-1", "--wait", "--timeout", "30");
        var envelope = await gateway.ReceiveAsync();
        await answer(gateway, Convert.ToHexStringLower(SHA256.HashData(envelope.Payload.Utf8.Span)));
        return await running;
    }
}
