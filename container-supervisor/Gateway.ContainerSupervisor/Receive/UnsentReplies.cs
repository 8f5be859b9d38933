using Gateway.Core.Mqtt;

namespace Gateway.ContainerSupervisor.Receive;

/// <summary>Replies that wait for a connection; the newest ones, a bounded number.</summary>
internal sealed class UnsentReplies
{
    private const int Most = 50;

    private readonly Lock gate = new();
    private readonly Queue<MqttMessage> waiting = new();

    public void Add(MqttMessage reply)
    {
        lock (gate)
        {
            if (waiting.Count >= Most)
            {
                waiting.Dequeue();
            }

            waiting.Enqueue(reply);
        }
    }

    /// <summary>All of them, oldest first; they no longer wait.</summary>
    public IReadOnlyList<MqttMessage> Take()
    {
        lock (gate)
        {
            MqttMessage[] all = [.. waiting];
            waiting.Clear();
            return all;
        }
    }
}
