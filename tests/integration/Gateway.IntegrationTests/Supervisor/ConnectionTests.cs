using Gateway.Core.Engine;
using Gateway.Core.Mqtt;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>The network comes and goes; what runs stays.</summary>
[Collection("sandbox")]
public sealed class ConnectionTests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Fact]
    public async Task Connects_over_tls_with_a_certificate_of_its_own()
    {
        await using var supervisor = new RunningSupervisor(sandbox, "gw-tls");
        var certificate = await sandbox.ClientCertificateAsync("gw-tls");
        await supervisor.ConfigureAsync(null, mqtt: $"{{host: 127.0.0.1, port: {sandbox.BrokerTlsPort}, ca: {certificate.Authority}, cert: {certificate.Certificate}, key: {certificate.Key}}}");
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.EventuallyAsync(() => supervisor.Last("presence") == "online");
    }

    [Fact]
    public async Task With_no_network_the_last_good_state_is_applied_and_a_foreign_container_is_left_alone()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("offline", "sleep", "infinity");
        await using var supervisor = new RunningSupervisor(sandbox, "gw-offline");
        await supervisor.ConfigureAsync(author);
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.PublishAsync("gateway/gw-offline/desired", await author.EnvelopeAsync(Operator.Desired(1, $$"""
              alone:
                services:
                  one: {image: "{{image}}"}
            """)), retained: true);
        await supervisor.StatusAsync(status => (string?)status["applications"]?["alone"]?["state"] == "running");
        await supervisor.StopAsync(kill: true);
        var id = (await sandbox.Docker.Containers.InspectAsync("alone-one")).Value.Id;
        Assert.True((await sandbox.Docker.Containers.RemoveAsync(id, force: true)).IsSuccess);
        var foreign = (await sandbox.Docker.Containers.CreateAsync("foreign-offline", new ContainerSpec { Image = image })).Value;

        await supervisor.ConfigureAsync(author, mqtt: "{host: 127.0.0.1, port: 9}");
        supervisor.Start();
        await supervisor.EventuallyAsync(() => sandbox.Docker.Containers.InspectAsync("alone-one").Result is { IsSuccess: true, Value.State.Running: true });
        Assert.True((await sandbox.Docker.Containers.RemoveAsync(foreign.Id, force: true)).IsSuccess);

        // Healthy without a broker, and the status can be read on site.
        await supervisor.EventuallyAsync(() => supervisor.RunAsync("health").Result.ExitCode == 0);
        Assert.Contains("\"alone\"", (await supervisor.RunAsync("status")).StandardOutput, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_was_restarted_and_forgot_everything_is_subscribed_to_and_told_again()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("again", "sleep", "infinity");
        await using var supervisor = new RunningSupervisor(sandbox, "gw-again");
        await supervisor.ConfigureAsync(author, "status_interval: 1d");
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.EventuallyAsync(() => supervisor.Last("presence") == "online" && supervisor.CountOf("status") > 0);

        await sandbox.KillBrokerAsync();
        await Task.Delay(1500);
        var (presences, statuses) = (supervisor.CountOf("presence"), supervisor.CountOf("status"));
        await sandbox.StartBrokerAsync();
        await supervisor.EventuallyAsync(() => supervisor.CountOf("presence") > presences && supervisor.CountOf("status") > statuses);
        Assert.Equal("online", supervisor.Last("presence"));

        await supervisor.PublishAsync("gateway/gw-again/desired", await author.EnvelopeAsync(Operator.Desired(1, $$"""
              again:
                services:
                  one: {image: "{{image}}"}
            """)), retained: true);
        await supervisor.StatusAsync(status => (string?)status["applications"]?["again"]?["state"] == "running");
    }

    [Fact]
    public async Task A_supervisor_that_is_killed_is_offline_by_its_last_will_and_what_runs_goes_on()
    {
        await using var author = await Operator.CreateAsync();
        var image = await sandbox.PushTestImageAsync("will", "sleep", "infinity");
        await using var supervisor = new RunningSupervisor(sandbox, "gw-will");
        await supervisor.ConfigureAsync(author);
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.EventuallyAsync(() => supervisor.Last("presence") == "online");
        await supervisor.PublishAsync("gateway/gw-will/desired", await author.EnvelopeAsync(Operator.Desired(1, $$"""
              will:
                services:
                  one: {image: "{{image}}"}
            """)), retained: true);
        await supervisor.StatusAsync(status => (string?)status["applications"]?["will"]?["state"] == "running");
        var before = (await sandbox.Docker.Containers.InspectAsync("will-one")).Value;

        await supervisor.StopAsync(kill: true);
        await supervisor.EventuallyAsync(() => supervisor.Last("presence") == "offline");
        supervisor.Start();
        await supervisor.EventuallyAsync(() => supervisor.Last("presence") == "online");
        var after = (await sandbox.Docker.Containers.InspectAsync("will-one")).Value;
        Assert.Equal((before.Id, before.State.StartedAt), (after.Id, after.State.StartedAt));
    }

    [Fact]
    public async Task A_flood_of_messages_neither_grows_the_memory_nor_stops_the_supervisor()
    {
        await using var supervisor = new RunningSupervisor(sandbox, "gw-flood");
        await supervisor.ConfigureAsync(null);
        await supervisor.WatchAsync();
        supervisor.Start();
        await supervisor.StatusAsync(_ => true);
        await using var flooder = new MqttClient(new MqttOptions("127.0.0.1", sandbox.Forward(sandbox.BrokerPort), "flooder"));
        Assert.True((await flooder.ConnectAsync(CancellationToken.None)).IsSuccess);
        var garbage = new byte[100_000];
        for (var round = 0; round < 20; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
                flooder.PublishAsync(new MqttMessage(i % 2 == 0 ? "gateway/gw-flood/desired" : "gateway/gw-flood/command", garbage, false), CancellationToken.None)));
        }

        var before = supervisor.CountOf("status");
        await flooder.PublishAsync(new MqttMessage("gateway/gw-flood/command", """{"command":"status"}"""u8.ToArray(), false), CancellationToken.None);
        await supervisor.EventuallyAsync(() => supervisor.CountOf("status") > before);
        var resident = File.ReadLines($"/proc/{supervisor.Pid}/status").First(line => line.StartsWith("VmHWM", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1];
        Assert.InRange(int.Parse(resident), 1, 200 * 1024);
    }
}
