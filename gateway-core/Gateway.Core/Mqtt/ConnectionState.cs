using Gateway.Core.Reports;

namespace Gateway.Core.Mqtt;

/// <summary>
/// What the connection's thread and those who send share, under one lock: how it stands, its session, what is subscribed
/// to, and what waits for the broker. A session is used only while it is attached.
/// </summary>
internal sealed class ConnectionState(string broker)
{
    private readonly Lock gate = new();
    private readonly Publications publications = new();
    private readonly Subscriptions subscriptions = new();
    private MqttConnection now = new(IsConnected: false, DateTimeOffset.UtcNow, Failure: null);
    private MosquittoSession? session;

    /// <summary>How it stands.</summary>
    public MqttConnection Now => Volatile.Read(ref now);

    public Task<Result<Nothing>> Subscribe(string pattern)
    {
        lock (gate)
        {
            return subscriptions.Add(pattern, Now.IsConnected ? session : null);
        }
    }

    public void Unsubscribe(string pattern)
    {
        lock (gate)
        {
            if (subscriptions.Remove(pattern) && Now.IsConnected)
            {
                session?.Unsubscribe(pattern);
            }
        }
    }

    public Result<Task<Result<Nothing>>> Publish(MqttMessage message, int qos)
    {
        lock (gate)
        {
            return Now.IsConnected && session is { } open
                ? publications.Send(open, message, qos)
                : Now.Failure ?? new Failure(Phase.Fetch, broker, "not connected yet", Retryable: true);
        }
    }

    /// <summary>A session begins to connect.</summary>
    public void Attach(MosquittoSession open)
    {
        lock (gate)
        {
            session = open;
        }
    }

    /// <summary>Nobody uses the session any more.</summary>
    public void Detach()
    {
        lock (gate)
        {
            session = null;
        }
    }

    /// <summary>The broker has accepted us.</summary>
    public void Connected(MosquittoSession open)
    {
        lock (gate)
        {
            Volatile.Write(ref now, new MqttConnection(IsConnected: true, DateTimeOffset.UtcNow, Failure: null));
            subscriptions.SendAll(open);
        }
    }

    /// <summary>Asks for all subscriptions again, which brings back what is retained.</summary>
    public void Resubscribe(MosquittoSession open)
    {
        lock (gate)
        {
            subscriptions.SendAll(open);
        }
    }

    /// <summary>The connection is lost, or did not come about.</summary>
    public void Lost(Failure failure)
    {
        lock (gate)
        {
            Volatile.Write(ref now, new MqttConnection(IsConnected: false, Now.IsConnected ? DateTimeOffset.UtcNow : Now.Since, failure));
            publications.Lose(failure);
        }
    }

    /// <summary>The broker's word on something that was sent.</summary>
    public void Settle(SessionEvent happened)
    {
        lock (gate)
        {
            switch (happened)
            {
                case SessionEvent.Published published:
                    publications.Settle(published.Mid);
                    break;
                case SessionEvent.Subscribed subscribed:
                    subscriptions.Settle(subscribed);
                    break;
            }
        }
    }

    /// <summary>Says goodbye, if there is anybody to say it to.</summary>
    public void Disconnect()
    {
        lock (gate)
        {
            session?.Disconnect();
        }
    }
}
