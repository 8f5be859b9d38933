using System.Text;
using Gateway.Core.Mqtt;
using Gateway.Reconciliation.Desired;

namespace Gateway.IntegrationTests.Ctl;

/// <summary>A gateway as the broker sees it: it says what the test tells it to say when a desired state comes.</summary>
public sealed class FakeGateway : IAsyncDisposable
{
    private readonly MqttClient client;
    private readonly string id;

    private FakeGateway(MqttClient client, string id)
    {
        this.client = client;
        this.id = id;
    }

    /// <summary>Online, with a first status, in group beta.</summary>
    public static async Task<FakeGateway> StartAsync(Mosquitto broker, string id)
    {
        var own = new MqttClient(new MqttOptions("127.0.0.1", broker.Port, id));
        Assert.True((await own.ConnectAsync(CancellationToken.None)).IsSuccess);
        var gateway = new FakeGateway(own, id);
        await gateway.SayAsync("presence", "online", retained: true);
        await gateway.StatusAsync("", "");
        foreach (var topic in new[] { $"gateway/{id}/desired", "group/beta/desired", $"gateway/{id}/command" })
        {
            Assert.True((await own.SubscribeAsync(topic, CancellationToken.None)).IsSuccess);
        }

        return gateway;
    }

    /// <summary>The next envelope.</summary>
    public async Task<Envelope> ReceiveAsync()
    {
        var message = await client.Messages.ReadAsync(new CancellationTokenSource(TimeSpan.FromSeconds(20)).Token);
        return Envelope.Parse(message.Payload, message.Topic).Value;
    }

    public Task StatusAsync(string desired, string applications) => SayAsync("status", $$"""
        {"schema":1,"gateway":"{{id}}","time":"2026-11-21T00:00:00Z","groups":["beta"],
         "supervisor":{"version":"0.1.0","image":null,"started":"2026-11-21T00:00:00Z"},
         "desired":{ {{desired}} },"applications":{ {{applications}} },"engine":null,"errors":[]}
        """, retained: true);

    public async Task SayAsync(string topic, string content, bool retained)
    {
        var said = await client.PublishAsync(new MqttMessage($"gateway/{id}/{topic}", Encoding.UTF8.GetBytes(content), retained), CancellationToken.None);
        Assert.True(said.IsSuccess);
    }

    public ValueTask DisposeAsync() => client.DisposeAsync();
}
