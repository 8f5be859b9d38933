namespace Gateway.Core.Mqtt;

/// <summary>Where the broker is and how to behave towards it. MQTT 3.1.1.</summary>
/// <param name="Host">Name or address.</param>
/// <param name="Port">Usually 8883 with TLS, 1883 without.</param>
/// <param name="ClientId">Unique at the broker: a second client of the same id throws the first one out.</param>
public sealed record MqttOptions(string Host, int Port, string ClientId)
{
    /// <summary>
    /// File of the authorities that may have signed the broker's certificate (PEM). Null with <see cref="Tls"/> means
    /// those of the system; null without it means no TLS.
    /// </summary>
    public string? CaFile { get; init; }

    /// <summary>TLS even when none of the three files is given. The broker's name is always checked.</summary>
    public bool Tls { get; init; }

    /// <summary>Our certificate (PEM), together with <see cref="KeyFile"/>. Read again for every connection, so a renewed one is picked up.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>Our private key (PEM, without a pass phrase).</summary>
    public string? KeyFile { get; init; }

    public string? Username { get; init; }

    public string? Password { get; init; }

    /// <summary>At least 5 s; the broker declares us gone after one and a half times this.</summary>
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>False: the broker keeps our subscriptions, and messages for them, while we are away.</summary>
    public bool CleanSession { get; init; } = true;

    /// <summary>What the broker publishes for us when we vanish.</summary>
    public MqttMessage? LastWill { get; init; }

    /// <summary>Longest wait for a connection to be accepted.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>Longest pause between attempts; the first is about a second, and each is varied by a quarter.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Larger payloads are dropped and counted. Bytes; default 1.5 MiB, room for a 1 MiB document in its envelope.</summary>
    public int LargestPayload { get; init; } = 1536 * 1024;

    /// <summary>Most messages waiting to be read; more are dropped and counted.</summary>
    public int QueuedMessages { get; init; } = 256;

    /// <summary>Most bytes waiting to be read (one message is always let in); more are dropped and counted.</summary>
    public long QueuedBytes { get; init; } = 8 * 1024 * 1024;

    internal bool UsesTls => Tls || CaFile is not null || CertificateFile is not null || KeyFile is not null;
}
