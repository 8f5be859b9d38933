using System.Threading.Channels;
using Gateway.Core.Reports;

namespace Gateway.Core.Mqtt;

/// <summary>
/// A connection to an MQTT 3.1.1 broker that comes back by itself, through Debian's libmosquitto. One thread owns the
/// connection; everything here may be called from any thread.
/// </summary>
public sealed class MqttClient(MqttOptions options) : IAsyncDisposable
{
    private const int MostWaiting = 1000;

    private readonly Lock gate = new();
    private readonly ManualResetEventSlim stop = new();
    private readonly BackOff pauses = new(TimeSpan.FromSeconds(1), options.LongestPause);
    private readonly MessageQueue messages = new(options.QueuedMessages, options.QueuedBytes);
    private readonly Dictionary<int, TaskCompletionSource<Result<Nothing>>> publications = [];
    private readonly Dictionary<string, Subscription> subscriptions = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private MqttConnection state = new(IsConnected: false, DateTimeOffset.UtcNow, Failure: null);
    private MosquittoSession? session;
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
    public MqttConnection State => Volatile.Read(ref state);

    /// <summary>Told of each change of <see cref="State"/>, and of each failed attempt, on the connection's own thread: be quick.</summary>
    public Action<MqttConnection>? OnChange { get; init; }

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
    public async Task<Result<Nothing>> SubscribeAsync(string pattern, CancellationToken cancellationToken)
    {
        var wanted = new Subscription();
        lock (gate)
        {
            subscriptions[pattern] = wanted;
            if (State.IsConnected && session is { } open)
            {
                wanted.Mid = open.Subscribe(pattern) is { IsSuccess: true } sent ? sent.Value : 0;
            }
        }

        return await wanted.Answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Drops a subscription.</summary>
    public void Unsubscribe(string pattern)
    {
        lock (gate)
        {
            if (subscriptions.Remove(pattern) && State.IsConnected)
            {
                session?.Unsubscribe(pattern);
            }
        }
    }

    /// <summary>Publishes; ends when the broker has confirmed it. Fails, retryable, when there is no connection or it breaks meanwhile.</summary>
    /// <param name="message">Topic, bytes and whether the broker shall retain it. An empty retained message removes the retained one.</param>
    /// <param name="cancellationToken">Ends the wait, not the publication.</param>
    /// <param name="qos">0, 1 or 2.</param>
    public async Task<Result<Nothing>> PublishAsync(MqttMessage message, CancellationToken cancellationToken, int qos = 1)
    {
        var answer = new TaskCompletionSource<Result<Nothing>>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (!State.IsConnected || session is not { } open)
            {
                return State.Failure ?? new Failure(Phase.Fetch, $"broker {options.Host}:{options.Port}", "not connected yet", Retryable: true);
            }

            if (publications.Count >= MostWaiting)
            {
                return new Failure(Phase.Fetch, message.Topic, $"{MostWaiting} publications already wait for the broker", Retryable: true);
            }

            if (!open.Publish(message, qos).TryGet(out var mid, out var wrong))
            {
                return wrong;
            }

            publications[mid] = answer;
        }

        return await answer.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Says goodbye to the broker (which then does not publish the last will) and frees everything.</summary>
    public async ValueTask DisposeAsync()
    {
        bool running;
        lock (gate)
        {
            stop.Set();
            session?.Disconnect();
            running = thread is not null;
        }

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
            Lose(failure);
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

        lock (gate)
        {
            session = open;
        }

        try
        {
            return Drive(open);
        }
        finally
        {
            lock (gate)
            {
                session = null;
            }

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
                return new Failure(Phase.Fetch, $"broker {options.Host}:{options.Port}", $"did not answer within {options.ConnectTimeout.TotalSeconds:0} s", Retryable: true);
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

    private Failure Goodbye() => new(Phase.Fetch, $"broker {options.Host}:{options.Port}", "disconnected", Retryable: true);

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
                    refused = new Failure(Phase.Fetch, $"broker {options.Host}:{options.Port}", Mosquitto.Refusal(answer.Code).TrimEnd('.'), Retryable: true);
                    break;
                case SessionEvent.Published published:
                    Settle(published.Mid);
                    break;
                case SessionEvent.Subscribed subscribed:
                    Settle(subscribed);
                    break;
            }
        }

        return refused;
    }

    private void Welcome(MosquittoSession open)
    {
        lock (gate)
        {
            pauses.Reset();
            Volatile.Write(ref state, new MqttConnection(IsConnected: true, DateTimeOffset.UtcNow, Failure: null));
            SubscribeAll(open);
        }

        Tell();
    }

    private void SubscribeAll(MosquittoSession open)
    {
        foreach (var (pattern, wanted) in subscriptions)
        {
            wanted.Mid = open.Subscribe(pattern) is { IsSuccess: true } sent ? sent.Value : 0;
        }
    }

    private void RepairDrops(MosquittoSession open)
    {
        if (messages.Dropped == repairedDrops || messages.Count > 0 || !State.IsConnected || DateTime.UtcNow - repairedAt < TimeSpan.FromSeconds(5))
        {
            return;
        }

        lock (gate)
        {
            repairedDrops = messages.Dropped;
            repairedAt = DateTime.UtcNow;
            SubscribeAll(open);
        }
    }

    private void Tell()
    {
        attempted.TrySetResult();
        OnChange?.Invoke(State);
    }

    private void Settle(int mid)
    {
        TaskCompletionSource<Result<Nothing>>? answer;
        lock (gate)
        {
            publications.Remove(mid, out answer);
        }

        answer?.TrySetResult(default(Nothing));
    }

    private void Settle(SessionEvent.Subscribed subscribed)
    {
        lock (gate)
        {
            foreach (var (pattern, wanted) in subscriptions)
            {
                if (wanted.Mid != subscribed.Mid)
                {
                    continue;
                }

                wanted.Answer.TrySetResult(subscribed.Granted
                    ? default(Nothing)
                    : new Failure(Phase.Fetch, pattern, "the broker refused the subscription; check its access rules"));
            }
        }
    }

    private void Lose(Failure failure)
    {
        TaskCompletionSource<Result<Nothing>>[] lost;
        lock (gate)
        {
            Volatile.Write(ref state, new MqttConnection(IsConnected: false, State.IsConnected ? DateTimeOffset.UtcNow : State.Since, failure));
            lost = [.. publications.Values];
            publications.Clear();
        }

        foreach (var answer in lost)
        {
            answer.TrySetResult(failure);
        }

        Tell();
    }

    private sealed class Subscription
    {
        public int Mid { get; set; }

        public TaskCompletionSource<Result<Nothing>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
