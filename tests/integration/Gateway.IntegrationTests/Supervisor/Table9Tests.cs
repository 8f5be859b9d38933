using System.Net;
using System.Text;
using Gateway.Core.Mqtt;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Supervisor;

/// <summary>
/// The Flex4Grid thesis's table 9, security validation, under the names of its rows. "Message validation tests" are table 7's, see
/// <see cref="Table7Tests"/>.
/// </summary>
[Collection("sandbox")]
public sealed class Table9Tests(SandboxFixture fixture)
{
    private readonly Sandbox sandbox = fixture.Sandbox;

    [Theory]
    [InlineData("manifest")]
    [InlineData("layer")]
    public async Task Image_hash_verification_failure(string changed)
    {
        using var server = sandbox.StartHttpServer();
        var registry = new FaultyRegistry(server);
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        var good = await sandbox.PushTestImageAsync("t9good", "sleep", "infinity");
        await gateway.ApplyAsync(App(good));
        var id = await gateway.IdAsync("t9-one");

        var wanted = new TestImage { Command = ["sleep", "1000"], Files = new TestImage().Files.Add("bin/wanted", Encoding.ASCII.GetBytes(changed)) };
        var (reference, manifest, layer) = registry.Put("t9wanted", wanted);
        // What comes has another hash than what the desired state says: another image's manifest, or other bytes for a layer.
        var (_, otherManifest, otherLayer) = registry.Put("t9other", wanted with { Files = new TestImage().Files.Add("bin/evil", Encoding.ASCII.GetBytes(changed)) });
        server.Copy(changed == "manifest" ? otherManifest : otherLayer, changed == "manifest" ? manifest : layer);
        await gateway.DesireAsync(App(reference));

        // The engine's own words, of a manifest as of a layer; a try that the network failed is followed by another.
        await gateway.ReasonAsync("t9", "verification failed");
        Assert.Contains(server.Requests, request => request.Path == manifest);
        Assert.True(gateway.Runs("t9-one", id));
        Assert.False((await sandbox.Docker.Images.InspectAsync(reference)).IsSuccess);
    }

    [Theory]
    [InlineData("gateway/{other}/status")]
    [InlineData("gateway/{other}/presence")]
    [InlineData("gateway/{other}/desired")]
    [InlineData("gateway/{self}/desired")]
    [InlineData("gateway/{self}/command")]
    [InlineData("group/beta/desired")]
    public async Task Publish_to_disallowed_topic(string pattern)
    {
        var (self, other) = ($"gw-{Guid.NewGuid():N}"[..10], $"gw-{Guid.NewGuid():N}"[..10]);
        await using var operators = await ClientAsync("operator");
        await using var gateway = await ClientAsync(self);
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string>();
        Assert.True((await operators.SubscribeAsync("#", CancellationToken.None)).IsSuccess);
        _ = Task.Run(async () =>
        {
            await foreach (var message in operators.Messages.ReadAllAsync())
            {
                seen.Enqueue(message.Topic);
            }
        });

        // The broker may refuse by an answer or by silence; what counts is that nobody gets it.
        var topic = pattern.Replace("{self}", self, StringComparison.Ordinal).Replace("{other}", other, StringComparison.Ordinal);
        await gateway.PublishAsync(new MqttMessage(topic, "evil"u8.ToArray(), Retained: true), CancellationToken.None);
        Assert.True((await gateway.PublishAsync(new MqttMessage($"gateway/{self}/status", "allowed"u8.ToArray(), Retained: false), CancellationToken.None)).IsSuccess);
        await EventuallyAsync(() => seen.Contains($"gateway/{self}/status"));

        Assert.DoesNotContain(topic, seen);
        await using var later = await ClientAsync("operator");
        Assert.True((await later.SubscribeAsync(topic, CancellationToken.None)).IsSuccess);
        await Task.Delay(300);
        Assert.False(later.Messages.TryRead(out _));
    }

    [Fact]
    public async Task Publish_to_disallowed_topic_by_somebody_whom_the_broker_lets_would_not_be_believed()
    {
        await using var stranger = await Operator.CreateAsync();
        await using var gateway = await SupervisedGateway.StartAsync(sandbox);
        await gateway.Supervisor.EventuallyAsync(() => gateway.Supervisor.Last("presence") == "online");
        var image = await sandbox.PushTestImageAsync("t9stranger", "sleep", "infinity");
        await using var client = await ClientAsync("operator");

        Assert.True((await client.PublishAsync(new MqttMessage(gateway.Topic, await stranger.EnvelopeAsync(Operator.Desired(1, App(image))), Retained: true), CancellationToken.None)).IsSuccess);

        var status = await gateway.Supervisor.StatusAsync(status => status["desired"]?["gateway"]?["refused"] is not null);
        Assert.Contains("is signed by", (string?)status["desired"]!["gateway"]!["refused"]!["reason"], StringComparison.Ordinal);
        Assert.False(gateway.IsThere("t9-one"));
    }

    [Fact]
    public async Task Unauthorized_image_uploader()
    {
        await using var registry = await GuardedRegistry.StartAsync(sandbox);
        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => registry.PushAsync("t9upload", new TestImage(), authorised: false));
        Assert.Contains($"{(int)HttpStatusCode.Unauthorized}", refused.Message, StringComparison.Ordinal);
        Assert.StartsWith(registry.Address, await registry.PushAsync("t9upload", new TestImage(), authorised: true), StringComparison.Ordinal);
    }

    private async Task<MqttClient> ClientAsync(string name)
    {
        var certificate = await sandbox.ClientCertificateAsync(name);
        var client = new MqttClient(new MqttOptions("127.0.0.1", sandbox.Forward(sandbox.BrokerTlsPort), $"{name}-{Guid.NewGuid():N}"[..20])
        {
            CaFile = certificate.Authority,
            CertificateFile = certificate.Certificate,
            KeyFile = certificate.Key,
        });
        Assert.True((await client.ConnectAsync(CancellationToken.None)).IsSuccess);
        return client;
    }

    private static async Task EventuallyAsync(Func<bool> condition)
    {
        var until = DateTime.UtcNow.AddSeconds(20);
        while (!condition())
        {
            Assert.True(DateTime.UtcNow < until, "nothing came within 20 s");
            await Task.Delay(20);
        }
    }

    private static string App(string image) => $"  t9: {{services: {{one: {{image: \"{image}\", stop_signal: SIGKILL}} }} }}";
}
