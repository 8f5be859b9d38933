using System.Security.Cryptography;
using Gateway.Core.Mqtt;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;

namespace Gateway.ContainerSupervisor.Receive;

/// <summary>Takes messages from the broker: desired states to the sources, commands to their handler.</summary>
internal sealed class Inbox(Topics topics, DesiredSources sources, CommandHandler commands) : IDisposable
{
    /// <summary>The same bytes again within this time are not looked at: a broker that repeats itself costs nothing.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim one = new(1);
    private readonly Dictionary<string, (string Sha256, long At)> seen = new(StringComparer.Ordinal);

    /// <summary>Handles one message; nothing of it throws but cancellation.</summary>
    public async Task HandleAsync(MqttMessage message, CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            if (topics.Desired.TryGetValue(message.Topic, out var source))
            {
                await DesiredAsync(source, message, cancellation);
            }
            else if (topics.Commands.TryGetValue(message.Topic, out source))
            {
                await commands.HandleAsync(source, message, cancellation);
            }
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Takes a document that did not come from the broker.</summary>
    public async Task<Result<DesiredState>> TakeAsync(string source, Envelope envelope, CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            return await sources.ReceiveAsync(source, envelope, cancellation);
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose() => one.Dispose();

    private async Task DesiredAsync(string source, MqttMessage message, CancellationToken cancellation)
    {
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(message.Payload.Span));
        var now = Environment.TickCount64;
        if (seen.TryGetValue(message.Topic, out var last) && last.Sha256 == sha256 && now - last.At < Memory.TotalMilliseconds)
        {
            return;
        }

        seen[message.Topic] = (sha256, now);
        if (message.Payload.IsEmpty)
        {
            // Somebody removed the retained message. What is in force stays: only a signed document changes it.
            return;
        }

        if (Envelope.Parse(message.Payload, message.Topic).TryGet(out var envelope, out var wrong))
        {
            await sources.ReceiveAsync(source, envelope, cancellation);
        }
        else
        {
            sources.Refuse(source, null, wrong);
        }
    }
}
