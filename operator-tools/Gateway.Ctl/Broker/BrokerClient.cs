using Gateway.Core.Mqtt;
using Gateway.Core.Reports;
using Gateway.Ctl.Settings;

namespace Gateway.Ctl.Broker;

/// <summary>A connection to the broker for the length of one command.</summary>
internal sealed class BrokerClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);
    private readonly MqttClient client;

    private BrokerClient(MqttClient client) => this.client = client;

    /// <summary>Connects once; an operator at the keyboard learns at once that it failed.</summary>
    public static async Task<Result<BrokerClient>> ConnectAsync(CtlSettings settings, CancellationToken cancellation)
    {
        if (settings.Broker is not { } broker)
        {
            return new Failure(Phase.Configuration, "broker", "which one? give --broker host:port, or GATEWAYCTL_BROKER, or 'broker' in ~/.config/gatewayctl.yaml");
        }

        foreach (var file in new[] { settings.Ca, settings.Cert, settings.Key }.OfType<string>().Where(file => !File.Exists(file)))
        {
            return new Failure(Phase.Configuration, file, "does not exist; it is named for the connection to the broker");
        }

        var connecting = new MqttClient(new MqttOptions(broker.Host, broker.Port, $"gatewayctl-{Guid.NewGuid():N}"[..23])
        {
            Tls = broker.Port == BrokerAddress.TlsPort,
            CaFile = settings.Ca,
            CertificateFile = settings.Cert,
            KeyFile = settings.Key,
            ConnectTimeout = Patience,
            // A whole fleet's retained statuses come at once.
            QueuedMessages = 20_000,
            QueuedBytes = 256 * 1024 * 1024,
        });
        if (!(await connecting.ConnectAsync(cancellation)).TryGet(out _, out var failures))
        {
            await connecting.DisposeAsync();
            return failures[0] with { Phase = Phase.Fetch };
        }

        return new BrokerClient(connecting);
    }

    /// <summary>Subscribes and waits for the broker's word.</summary>
    public Task<Result<Nothing>> SubscribeAsync(string pattern, CancellationToken cancellation) => InTime(client.SubscribeAsync(pattern, cancellation), pattern);

    /// <summary>Publishes with quality of service 1 and waits for the broker's word.</summary>
    public Task<Result<Nothing>> PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retained, CancellationToken cancellation) =>
        InTime(client.PublishAsync(new MqttMessage(topic, payload, retained), cancellation), topic);

    /// <summary>The next message; null when none came in time.</summary>
    public async Task<MqttMessage?> NextAsync(TimeSpan patience, CancellationToken cancellation)
    {
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limited.CancelAfter(patience);
        try
        {
            return await client.Messages.ReadAsync(limited.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Why there is no connection now, or null.</summary>
    public Failure? Lost => client.State is { IsConnected: false, Failure: { } failure } ? failure : null;

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private static async Task<Result<Nothing>> InTime(Task<Result<Nothing>> answer, string topic)
    {
        try
        {
            return await answer.WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            return new Failure(Phase.Fetch, topic, $"the broker did not confirm within {Patience.TotalSeconds} s; its access rules may forbid it", Retryable: true);
        }
    }
}
