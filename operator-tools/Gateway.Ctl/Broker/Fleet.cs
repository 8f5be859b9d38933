using Gateway.Core.Mqtt;
using Gateway.Core.Reports;

namespace Gateway.Ctl.Broker;

/// <summary>What is known of each gateway: the last status, as it came and as read, and whether it is online.</summary>
internal sealed class Fleet
{
    // The broker sends what it retains right after it granted the subscription.
    private static readonly TimeSpan FirstPatience = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan NextPatience = TimeSpan.FromMilliseconds(400);

    private readonly SortedDictionary<string, Member> members = new(StringComparer.Ordinal);

    /// <summary>By id.</summary>
    public IReadOnlyDictionary<string, Member> Members => members;

    /// <summary>Subscribes to one gateway's status and presence, or to all gateways', and takes in what the broker retained.</summary>
    public static async Task<Result<Fleet>> SubscribeAsync(BrokerClient broker, string? gateway, CancellationToken cancellation)
    {
        foreach (var pattern in new[] { Topics.Presence(gateway), Topics.Status(gateway) })
        {
            if (!(await broker.SubscribeAsync(pattern, cancellation)).TryGet(out _, out var failures))
            {
                return failures;
            }
        }

        var fleet = new Fleet();
        var patience = FirstPatience;
        while (await broker.NextAsync(patience, cancellation) is { } message)
        {
            fleet.Take(message);
            var isComplete = gateway is not null && fleet.Members.GetValueOrDefault(gateway) is { Status: not null, Presence: not null };
            patience = isComplete ? TimeSpan.Zero : NextPatience;
        }

        return fleet;
    }

    /// <summary>Takes in a status or presence; gives the gateway it is of as it was before and is now, or null for anything else.</summary>
    public (Member? Before, Member Now)? Take(MqttMessage message)
    {
        if ((Topics.StatusOf(message.Topic) ?? Topics.PresenceOf(message.Topic)) is not { } id)
        {
            return null;
        }

        var before = members.GetValueOrDefault(id);
        var now = before ?? new Member(id, null, null, default);
        if (Topics.PresenceOf(message.Topic) is not null)
        {
            now = now with { Presence = OneLine.Of(System.Text.Encoding.UTF8.GetString(message.Payload.Span[..Math.Min(message.Payload.Length, 40)])) };
        }
        else if (StatusReader.Read(message.Topic, message.Payload) is { IsSuccess: true, Value: var status })
        {
            now = now with { Status = status, Json = message.Payload };
        }

        members[id] = now;
        return (before, now);
    }

    /// <summary>One gateway.</summary>
    /// <param name="Id">Its id, from the topic.</param>
    /// <param name="Presence"><c>online</c>, <c>offline</c>, or null when it never said.</param>
    /// <param name="Status">The last readable status, or null.</param>
    /// <param name="Json">The bytes of <paramref name="Status"/>.</param>
    internal sealed record Member(string Id, string? Presence, StatusView? Status, ReadOnlyMemory<byte> Json)
    {
        /// <summary>Whether it says it is online.</summary>
        public bool IsOnline => Presence == "online";
    }
}
