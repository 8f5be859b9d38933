using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;

namespace Gateway.Core.Mqtt;

/// <summary>Messages between the broker's thread and their reader, bounded in number and in bytes whatever the broker sends.</summary>
internal sealed class MessageQueue(int messages, long bytes) : ChannelReader<MqttMessage>
{
    private readonly Channel<MqttMessage> channel = Channel.CreateBounded<MqttMessage>(
        new BoundedChannelOptions(messages) { FullMode = BoundedChannelFullMode.Wait, SingleWriter = true });

    private long waiting;
    private long dropped;
    private long oversized;

    /// <summary>Messages that found no room.</summary>
    public long Dropped => Interlocked.Read(ref dropped);

    /// <summary>Messages whose payload was too large.</summary>
    public long Oversized => Interlocked.Read(ref oversized);

    public override Task Completion => channel.Reader.Completion;

    public override bool CanCount => true;

    public override int Count => channel.Reader.Count;

    /// <summary>Whether a message of this many bytes would be let in now; if not, it counts as dropped.</summary>
    public bool HasRoom(int size)
    {
        var before = Interlocked.Read(ref waiting);
        if ((before == 0 || before + size <= bytes) && channel.Reader.Count < messages)
        {
            return true;
        }

        Interlocked.Increment(ref dropped);
        return false;
    }

    public void Refuse() => Interlocked.Increment(ref oversized);

    public void Write(MqttMessage message)
    {
        Interlocked.Add(ref waiting, message.Payload.Length);
        if (!channel.Writer.TryWrite(message))
        {
            Interlocked.Add(ref waiting, -message.Payload.Length);
            Interlocked.Increment(ref dropped);
        }
    }

    public void Complete() => channel.Writer.TryComplete();

    public override bool TryRead([MaybeNullWhen(false)] out MqttMessage item)
    {
        if (!channel.Reader.TryRead(out item))
        {
            return false;
        }

        Interlocked.Add(ref waiting, -item.Payload.Length);
        return true;
    }

    public override ValueTask<bool> WaitToReadAsync(CancellationToken cancellationToken = default) =>
        channel.Reader.WaitToReadAsync(cancellationToken);
}
