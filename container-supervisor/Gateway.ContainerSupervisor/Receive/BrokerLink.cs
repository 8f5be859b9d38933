using System.Text;
using Gateway.ContainerSupervisor.Configuration;
using Gateway.ContainerSupervisor.Report;
using Gateway.ContainerSupervisor.Running;
using Gateway.Core.Mqtt;
using Gateway.Core.Reports;
using Serilog;

namespace Gateway.ContainerSupervisor.Receive;

/// <summary>The connection to the broker: what comes in goes to the inbox, presence and status go out.</summary>
internal sealed class BrokerLink : IAsyncDisposable
{
    private const string Subject = "broker";
    private const int LargestBatch = 256;
    private static readonly byte[] Online = "online"u8.ToArray();
    private static readonly byte[] Offline = "offline"u8.ToArray();

    private readonly MqttClient client;
    private readonly Topics topics;
    private readonly ErrorBook errors;
    private readonly ILogger log;
    private readonly UnsentReplies unsent = new();
    private readonly CancellationTokenSource ending = new();

    public BrokerLink(MqttOptions options, Topics topics, ErrorBook errors, ILogger log)
    {
        this.topics = topics;
        this.errors = errors;
        this.log = log;
        client = new MqttClient(options with { LastWill = new MqttMessage(topics.Presence, Offline, Retained: true) }) { OnChange = Note };
    }

    /// <summary>Told when the broker has accepted us, again or for the first time.</summary>
    public Action? OnConnected { get; set; }

    /// <summary>Told when an error came or went.</summary>
    public Action? OnChange { get; set; }

    /// <summary>The options for the client, the password read from its file.</summary>
    public static Result<MqttOptions> Options(string gatewayId, MqttSettings settings)
    {
        string? password = null;
        if (settings.PasswordFile is { } file)
        {
            var read = Core.State.AtomicFile.ReadIfThere(file, 4096);
            if (!read.IsSuccess || read.Value is null)
            {
                return read.IsSuccess ? new Failure(Phase.Configuration, file, "is not there; it must hold the broker's password") : read.Failures;
            }

            password = Encoding.UTF8.GetString(read.Value).Split('\n')[0].TrimEnd('\r');
        }

        return new MqttOptions(settings.Host, settings.Port, settings.ClientId ?? $"gateway-{gatewayId}")
        {
            CaFile = settings.CaFile,
            CertificateFile = settings.CertificateFile,
            KeyFile = settings.KeyFile,
            Tls = settings.Tls,
            Username = settings.Username,
            Password = password,
            KeepAlive = settings.KeepAlive,
        };
    }

    /// <summary>Connects, subscribes and hands on what comes in, until cancelled.</summary>
    public async Task RunAsync(Func<IReadOnlyList<MqttMessage>, CancellationToken, Task> handle, Action alive, CancellationToken cancellation)
    {
        // First, so that the broker has them before it tells anybody that we are online: what is sent then is not lost.
        Subscribe(topics.Desired.Keys.Concat(topics.Commands.Keys));
        client.Start();
        long told = 0;
        while (true)
        {
            alive();
            while (TakeAll() is { Count: > 0 } messages)
            {
                await handle(messages, cancellation);
                alive();
            }

            if (client.Dropped + client.Oversized is var lost && lost > told)
            {
                log.Warning("{Count} message(s) from the broker were dropped: too many at once, or too large", lost - told);
                told = lost;
            }

            using var beat = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            beat.CancelAfter(Heartbeat.Beat);
            try
            {
                await client.Messages.WaitToReadAsync(beat.Token);
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                // Nothing came; time to say that we are alive.
                continue;
            }
        }
    }

    /// <summary>Publishes the status, retained.</summary>
    public Task<Result<Nothing>> PublishStatusAsync(ReadOnlyMemory<byte> status, CancellationToken cancellation) =>
        client.PublishAsync(new MqttMessage(topics.Status, status, Retained: true), cancellation);

    /// <summary>Publishes log lines, with quality of service 0.</summary>
    public Task<Result<Nothing>> PublishLogAsync(string application, string service, ReadOnlyMemory<byte> lines, CancellationToken cancellation) =>
        client.PublishAsync(new MqttMessage(topics.Log(application, service), lines, Retained: false), cancellation, qos: 0);

    /// <summary>Answers a command; without a connection as soon as there is one.</summary>
    public async Task ReplyAsync(string command, ReadOnlyMemory<byte> reply, CancellationToken cancellation)
    {
        var message = new MqttMessage(topics.Reply(command), reply, Retained: false);
        if (await client.PublishAsync(message, cancellation) is { IsSuccess: false } failed)
        {
            log.Warning("The reply to command {Id} waits for the broker: {Reason}", command, failed.Failure.ToString());
            unsent.Add(message);
        }
    }

    /// <summary>Subscribes now and after every reconnect.</summary>
    public void Subscribe(IEnumerable<string> patterns)
    {
        foreach (var topic in patterns)
        {
            _ = SubscribeAsync(topic, ending.Token);
        }
    }

    /// <summary>Drops subscriptions.</summary>
    public void Unsubscribe(IEnumerable<string> patterns)
    {
        foreach (var topic in patterns)
        {
            client.Unsubscribe(topic);
            errors.Resolve(topic);
        }
    }

    /// <summary>Says goodbye.</summary>
    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(2));
        try
        {
            await client.PublishAsync(new MqttMessage(topics.Presence, Offline, Retained: true), soon.Token);
        }
        catch (OperationCanceledException)
        {
            log.Debug("The broker did not confirm our goodbye in time");
        }

        await client.DisposeAsync();
        ending.Dispose();
    }

    private List<MqttMessage> TakeAll()
    {
        var messages = new List<MqttMessage>();
        while (messages.Count < LargestBatch && client.Messages.TryRead(out var message))
        {
            messages.Add(message);
        }

        return messages;
    }

    private async Task SubscribeAsync(string topic, CancellationToken cancellation)
    {
        try
        {
            var granted = await client.SubscribeAsync(topic, cancellation);
            if (granted.IsSuccess ? errors.Resolve(topic) : errors.Note(topic, granted.Failure.Message))
            {
                log.Warning("{Topic}: {Outcome}", topic, granted.IsSuccess ? "subscribed" : granted.Failure.Message);
                OnChange?.Invoke();
            }
        }
        catch (OperationCanceledException)
        {
            log.Debug("{Topic}: no longer wanted", topic);
        }
    }

    /// <summary>On the connection's thread.</summary>
    private void Note(MqttConnection now)
    {
        if (now.IsConnected)
        {
            log.Information("Connected to the broker");
            errors.Resolve(Subject);
            _ = client.PublishAsync(new MqttMessage(topics.Presence, Online, Retained: true), CancellationToken.None);
            foreach (var reply in unsent.Take())
            {
                _ = client.PublishAsync(reply, CancellationToken.None);
            }

            OnConnected?.Invoke();
        }
        else if (now.Failure is { } failure && errors.Note(Subject, failure.ToString()))
        {
            log.Warning("No connection to the broker, going on without: {Reason}", failure.ToString());
            OnChange?.Invoke();
        }
    }
}
