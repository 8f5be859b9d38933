using System.Threading.Channels;
using Gateway.Core.Reports;

namespace Gateway.Core.Mqtt;

/// <summary>
/// A connection to an MQTT 3.1.1 broker that comes back by itself, through Debian's libmosquitto. One thread owns the
/// connection; everything here may be called from any thread.
/// </summary>
public sealed class MqttClient(MqttOptions options) : IAsyncDisposable
{
    private readonly Lock gate = new();
    private readonly ManualResetEventSlim stop = new();
    private readonly BackOff pauses = new(TimeSpan.FromSeconds(1), options.LongestPause);
    private readonly MessageQueue messages = new(options.QueuedMessages, options.QueuedBytes);
    private readonly ConnectionState state = new($"broker {options.Host}:{options.Port}");
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Thread? thread;
    private long repairedDrops;
    private DateTime repairedAt;

    /// <summary>What the broker sends, oldest first; ends when this is disposed.</summary>
    public ChannelReader<MqttMessage> Messages => messages;

    /// <summary>
    /// Messages lost because their reader was too slow. The subscriptions are repeated once it has caught up, which
    /// brings back those that are retained.
    /// </summary>
    public long Dropped => messages.Dropped;

    /// <summary>Messages dropped because they were larger than <see cref="MqttOptions.LargestPayload"/>.</summary>
    public long Oversized => messages.Oversized;

    /// <summary>How the connection stands now.</summary>
    public MqttConnection State => state.Now;

    /// <summary>Told of each change of <see cref="State"/>, and of each failed attempt, on the connection's own thread: be quick.</summary>
    public Action<MqttConnection>? OnChange { get; init; }

    private string Broker => $"broker {options.Host}:{options.Port}";

    /// <summary>Begins to connect, and goes on for ever: a broker that is away is waited for.</summary>
    public void Start()
    {
        lock (gate)
        {
            if (thread is null && !stop.IsSet)
            {
                thread = new Thread(Run, 256 * 1024) { IsBackground = true, Name = "mqtt" };
                thread.Start();
            }
        }
    }

    /// <summary>Starts, and waits for the first attempt to be accepted or to fail. After a failure it still goes on trying.</summary>
    public async Task<Result<Nothing>> ConnectAsync(CancellationToken cancellationToken)
    {
        Start();
        await attempted.Task.WaitAsync(cancellationToken);
        return State.Failure is { } failure ? failure : default(Nothing);
    }

    /// <summary>
    /// Subscribes with quality of service 1, now and after every reconnect. Ends when the broker has granted it (which
    /// waits for a connection if there is none) or refused it.
    /// </summary>
    /// <param name="pattern">A topic, or a pattern with <c>+</c> and <c>#</c>.</param>
    /// <param name="cancellationToken">Ends the wait; the subscription stays wanted.</param>
    public Task<Result<Nothing>> SubscribeAsync(string pattern, CancellationToken cancellationToken) => state.Subscribe(pattern).WaitAsync(cancellationToken);

    /// <summary>Drops a subscription.</summary>
    public void Unsubscribe(string pattern) => state.Unsubscribe(pattern);

    /// <summary>Publishes; ends when the broker has confirmed it. Fails, retryable, when there is no connection or it breaks meanwhile.</summary>
    /// <param name="message">Topic, bytes and whether the broker shall retain it. An empty retained message removes the retained one.</param>
    /// <param name="cancellationToken">Ends the wait, not the publication.</param>
    /// <param name="qos">0, 1 or 2.</param>
    public async Task<Result<Nothing>> PublishAsync(MqttMessage message, CancellationToken cancellationToken, int qos = 1) =>
        state.Publish(message, qos).TryGet(out var confirmed, out var wrong) ? await confirmed.WaitAsync(cancellationToken) : wrong;

    /// <summary>Says goodbye to the broker (which then does not publish the last will) and frees everything.</summary>
    public async ValueTask DisposeAsync()
    {
        bool running;
        lock (gate)
        {
            stop.Set();
            running = thread is not null;
        }

        state.Disconnect();

        if (running)
        {
            // The thread may sit in a name look-up that nobody can interrupt; it cleans up behind itself when it returns.
            await Task.WhenAny(ended.Task, Task.Delay(TimeSpan.FromSeconds(3)));
        }

        messages.Complete();
    }

    private void Run()
    {
        while (!stop.IsSet)
        {
            var failure = Stay();
            state.Lost(failure);
            Tell();
            if (!stop.IsSet)
            {
                stop.Wait(pauses.Next());
            }
        }

        ended.TrySetResult();
    }

    /// <summary>One connection from its beginning to its end; why it ended.</summary>
    private Failure Stay()
    {
        if (!MosquittoSession.Open(options, messages).TryGet(out var open, out var wrong))
        {
            return wrong[0];
        }

        state.Attach(open);
        try
        {
            return Drive(open);
        }
        finally
        {
            state.Detach();
            open.Dispose();
        }
    }

    private Failure Drive(MosquittoSession open)
    {
        var until = Environment.TickCount64 + (long)options.ConnectTimeout.TotalMilliseconds;
        var longest = TimeSpan.FromSeconds(Math.Clamp(options.KeepAlive.TotalSeconds / 4, 1, 10));
        while (true)
        {
            var settled = State.IsConnected && !stop.IsSet;
            var failure = open.Loop(!settled ? TimeSpan.FromMilliseconds(100) : messages.Dropped > repairedDrops ? TimeSpan.FromSeconds(1) : longest);
            failure = TakeEvents(open) ?? failure;
            if (failure is not null)
            {
                return failure;
            }

            if (!State.IsConnected && Environment.TickCount64 > until)
            {
                return new Failure(Phase.Fetch, Broker, $"did not answer within {options.ConnectTimeout.TotalSeconds:0} s", Retryable: true);
            }

            if (stop.IsSet && !State.IsConnected)
            {
                return Goodbye();
            }

            if (stop.IsSet && Environment.TickCount64 > (until = Math.Min(until, Environment.TickCount64 + 1000)))
            {
                return Goodbye();
            }

            RepairDrops(open);
        }
    }

    private Failure Goodbye() => new(Phase.Fetch, Broker, "disconnected", Retryable: true);

    private Failure? TakeEvents(MosquittoSession open)
    {
        Failure? refused = null;
        while (open.TryTakeEvent(out var happened))
        {
            switch (happened)
            {
                case SessionEvent.Answered { Code: 0 }:
                    Welcome(open);
                    break;
                case SessionEvent.Answered answer:
                    refused = new Failure(Phase.Fetch, Broker, Mosquitto.Refusal(answer.Code).TrimEnd('.'), Retryable: true);
                    break;
                default:
                    state.Settle(happened!);
                    break;
            }
        }

        return refused;
    }

    private void Welcome(MosquittoSession open)
    {
        pauses.Reset();
        state.Connected(open);
        Tell();
    }

    private void RepairDrops(MosquittoSession open)
    {
        if (messages.Dropped == repairedDrops || messages.Count > 0 || !State.IsConnected || DateTime.UtcNow - repairedAt < TimeSpan.FromSeconds(5))
        {
            return;
        }

        repairedDrops = messages.Dropped;
        repairedAt = DateTime.UtcNow;
        state.Resubscribe(open);
    }

    private void Tell()
    {
        attempted.TrySetResult();
        OnChange?.Invoke(State);
    }
}
