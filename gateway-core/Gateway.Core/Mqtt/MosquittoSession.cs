using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Gateway.Core.Reports;

namespace Gateway.Core.Mqtt;

/// <summary>Something that happened inside <see cref="MosquittoSession.Loop"/>.</summary>
internal abstract record SessionEvent
{
    /// <summary>The broker answered our connect; 0 is acceptance.</summary>
    public sealed record Answered(int Code) : SessionEvent;

    /// <summary>A publication is complete as far as its quality of service goes.</summary>
    public sealed record Published(int Mid) : SessionEvent;

    /// <summary>A subscription was answered; granted qualities of 128 and more are refusals.</summary>
    public sealed record Subscribed(int Mid, bool Granted) : SessionEvent;
}

/// <summary>
/// One connection: one <c>struct mosquitto</c>, never reused, so that renewed certificates are read and nothing is
/// left over from the connection before. <see cref="Loop"/> belongs to one thread; sending may come from any, but the
/// owner must see to it that none sends while or after it is disposed.
/// The library's callbacks come with its locks held, so they only put what happened aside.
/// </summary>
internal sealed unsafe class MosquittoSession : IDisposable
{
    private readonly MqttOptions options;
    private readonly MessageQueue messages;
    private readonly ConcurrentQueue<SessionEvent> events = new();
    private readonly nint handle;
    private GCHandle self;
    private string? complaint;

    private MosquittoSession(MqttOptions options, MessageQueue messages)
    {
        this.options = options;
        this.messages = messages;
        self = GCHandle.Alloc(this);
        handle = Mosquitto.New(options.ClientId, options.CleanSession, GCHandle.ToIntPtr(self));
    }

    /// <summary>Begins to connect; the answer comes as an event.</summary>
    public static Result<MosquittoSession> Open(MqttOptions options, MessageQueue messages)
    {
        if (!Mosquitto.IsThere)
        {
            return new Failure(Phase.Fetch, "libmosquitto.so.1", "is not installed; run: apt install libmosquitto1");
        }

        // The library would say "Invalid function arguments provided."
        foreach (var file in new[] { options.CaFile, options.CertificateFile, options.KeyFile })
        {
            if (file is not null && !File.Exists(file))
            {
                return new Failure(Phase.Configuration, file, "is not there or may not be read", Retryable: true);
            }
        }

        var session = new MosquittoSession(options, messages);
        var wrong = session.handle == 0 ? Mosquitto.NoMemory : session.Configure();
        if (wrong == Mosquitto.Success)
        {
            wrong = Mosquitto.Connect(session.handle, options.Host, options.Port, Math.Max(5, (int)options.KeepAlive.TotalSeconds));
        }

        if (wrong == Mosquitto.Success)
        {
            return session;
        }

        var failure = session.Explain(wrong);
        session.Dispose();
        return failure;
    }

    /// <summary>Waits for traffic and handles it; null while all is well.</summary>
    public Failure? Loop(TimeSpan longest)
    {
        var code = Mosquitto.Loop(handle, (int)longest.TotalMilliseconds, 1);
        return code == Mosquitto.Success ? null : Explain(code);
    }

    public bool TryTakeEvent(out SessionEvent? happened) => events.TryDequeue(out happened);

    public Result<int> Publish(MqttMessage message, int qos)
    {
        using var pin = message.Payload.Pin();
        var code = Mosquitto.Publish(handle, out var mid, message.Topic, message.Payload.Length, (byte*)pin.Pointer, qos, message.Retained);
        return code == Mosquitto.Success ? mid : Explain(code, message.Topic);
    }

    public Result<int> Subscribe(string pattern)
    {
        var code = Mosquitto.Subscribe(handle, out var mid, pattern, 1);
        return code == Mosquitto.Success ? mid : Explain(code, pattern);
    }

    public void Unsubscribe(string pattern) => _ = Mosquitto.Unsubscribe(handle, out _, pattern);

    /// <summary>Says goodbye, so that the broker does not publish the last will.</summary>
    public void Disconnect() => _ = Mosquitto.Disconnect(handle);

    public void Dispose()
    {
        if (handle != 0 && self.IsAllocated)
        {
            Mosquitto.Destroy(handle);
        }

        if (self.IsAllocated)
        {
            self.Free();
        }
    }

    private int Configure()
    {
        Mosquitto.SetThreaded(handle, true);
        Mosquitto.OnConnect(handle, &Connected);
        Mosquitto.OnPublish(handle, &Published);
        Mosquitto.OnSubscribe(handle, &Subscribed);
        Mosquitto.OnMessage(handle, &Arrived);
        Mosquitto.OnLog(handle, &Logged);
        var wrong = options.Username is null ? Mosquitto.Success : Mosquitto.SetUser(handle, options.Username, options.Password);
        if (wrong == Mosquitto.Success && options.UsesTls)
        {
            var system = options.CaFile is null ? "/etc/ssl/certs" : null;
            wrong = Mosquitto.SetTls(handle, options.CaFile, system, options.CertificateFile, options.KeyFile, 0);
        }

        if (wrong == Mosquitto.Success && options.LastWill is { } will)
        {
            using var pin = will.Payload.Pin();
            wrong = Mosquitto.SetWill(handle, will.Topic, will.Payload.Length, (byte*)pin.Pointer, 1, will.Retained);
        }

        return wrong;
    }

    private Failure Explain(int code, string? subject = null)
    {
        var text = code == Mosquitto.Errno ? Marshal.GetPInvokeErrorMessage(Marshal.GetLastPInvokeError()) : Mosquitto.Error(code);
        var more = Interlocked.Exchange(ref complaint, null);
        return new Failure(Phase.Fetch, subject ?? $"broker {options.Host}:{options.Port}", more is null ? text : $"{text} ({more})", Retryable: true);
    }

    private static MosquittoSession Of(nint state) => (MosquittoSession)GCHandle.FromIntPtr(state).Target!;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Connected(nint handle, nint state, int code) => Of(state).events.Enqueue(new SessionEvent.Answered(code));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Published(nint handle, nint state, int mid) => Of(state).events.Enqueue(new SessionEvent.Published(mid));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Subscribed(nint handle, nint state, int mid, int count, int* granted) =>
        Of(state).events.Enqueue(new SessionEvent.Subscribed(mid, count > 0 && granted[0] < 128));

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Arrived(nint handle, nint state, Mosquitto.Message* message)
    {
        var session = Of(state);
        if (message->PayloadLength > session.options.LargestPayload)
        {
            session.messages.Refuse();
        }
        else if (session.messages.HasRoom(message->PayloadLength))
        {
            var payload = new ReadOnlySpan<byte>((void*)message->Payload, message->PayloadLength).ToArray();
            session.messages.Write(new MqttMessage(Marshal.PtrToStringUTF8(message->Topic) ?? "", payload, message->Retain != 0));
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Logged(nint handle, nint state, int level, nint text)
    {
        if (level is Mosquitto.LogError or Mosquitto.LogWarning)
        {
            Of(state).complaint = OneLine.Of(Marshal.PtrToStringUTF8(text) ?? "");
        }
    }
}
