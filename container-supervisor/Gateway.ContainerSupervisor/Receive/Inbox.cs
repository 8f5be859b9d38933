using System.Security.Cryptography;
using Gateway.ContainerSupervisor.Running;
using Gateway.Core.Mqtt;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;

namespace Gateway.ContainerSupervisor.Receive;

/// <summary>Takes messages from the broker: desired states to the sources, commands to their handler.</summary>
internal sealed class Inbox(Topics topics, DesiredSources sources, CommandHandler commands, Membership membership) : IDisposable
{
    /// <summary>The same bytes again within this time are not looked at: a broker that repeats itself costs nothing.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim one = new(1);
    private readonly Dictionary<string, Envelope> refused = new(StringComparer.Ordinal);
    private object? groups;
    private readonly Dictionary<string, (string Sha256, long At)> seen = new(StringComparer.Ordinal);

    /// <summary>How often a newcomer that was refused is judged again: keys, clocks and disks change.</summary>
    public TimeSpan SecondLook { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Handles what came, oldest first: all commands, and of several desired states of one source the newest. Nothing of
    /// it throws but cancellation.
    /// </summary>
    public async Task HandleAsync(IReadOnlyList<MqttMessage> messages, CancellationToken cancellation)
    {
        await one.WaitAsync(cancellation);
        try
        {
            ForgetOnceGroupsChange();
            foreach (var message in messages)
            {
                if (topics.Commands.TryGetValue(message.Topic, out var source))
                {
                    await commands.HandleAsync(source, message, cancellation);
                }
            }

            foreach (var message in messages.GroupBy(static message => message.Topic, StringComparer.Ordinal).Select(static topic => topic.Last()))
            {
                if (topics.Desired.TryGetValue(message.Topic, out var source))
                {
                    await DesiredAsync(source, message, cancellation);
                }
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
            return await ReceiveAsync(source, envelope, cancellation);
        }
        finally
        {
            one.Release();
        }
    }

    /// <summary>Judges refused newcomers again from time to time, until cancelled: a key may have come, the clock been set, the disk been emptied.</summary>
    public async Task LookAgainAsync(Action alive, CancellationToken cancellation)
    {
        while (true)
        {
            await Heartbeat.WhileAsync(Task.Delay(SecondLook, cancellation), alive, cancellation);
            await one.WaitAsync(cancellation);
            try
            {
                foreach (var (source, envelope) in refused.ToArray())
                {
                    await ReceiveAsync(source, envelope, cancellation);
                }
            }
            finally
            {
                one.Release();
            }
        }
    }

    public void Dispose() => one.Dispose();

    private async Task<Result<DesiredState>> ReceiveAsync(string source, Envelope envelope, CancellationToken cancellation)
    {
        var taken = await sources.ReceiveAsync(source, envelope, cancellation);
        if (taken.IsSuccess || taken.Failure.Phase == Phase.Parse)
        {
            refused.Remove(source);
        }
        else
        {
            refused[source] = envelope;
        }

        return taken;
    }

    /// <summary>A group that is joined again sends what it had sent before.</summary>
    private void ForgetOnceGroupsChange()
    {
        if (ReferenceEquals(groups, membership.Identity))
        {
            return;
        }

        groups = membership.Identity;
        seen.Clear();
        foreach (var left in refused.Keys.Where(source => !topics.Desired.ContainsValue(source)).ToList())
        {
            refused.Remove(left);
        }
    }

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
            await ReceiveAsync(source, envelope, cancellation);
        }
        else
        {
            sources.Refuse(source, null, wrong);
        }
    }
}
