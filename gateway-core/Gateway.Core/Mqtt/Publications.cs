using Gateway.Core.Reports;

namespace Gateway.Core.Mqtt;

/// <summary>Publications that the broker has not confirmed yet, a bounded number. One caller at a time.</summary>
internal sealed class Publications
{
    private const int Most = 1000;

    private readonly Dictionary<int, TaskCompletionSource<Result<Nothing>>> waiting = [];

    /// <summary>Sends it; the task ends when it is confirmed or lost.</summary>
    public Result<Task<Result<Nothing>>> Send(MosquittoSession session, MqttMessage message, int qos)
    {
        if (waiting.Count >= Most)
        {
            return new Failure(Phase.Fetch, message.Topic, $"{Most} publications already wait for the broker", Retryable: true);
        }

        if (!session.Publish(message, qos).TryGet(out var mid, out var wrong))
        {
            return wrong;
        }

        var answer = new TaskCompletionSource<Result<Nothing>>(TaskCreationOptions.RunContinuationsAsynchronously);
        waiting[mid] = answer;
        return answer.Task;
    }

    /// <summary>The broker has confirmed it.</summary>
    public void Settle(int mid)
    {
        if (waiting.Remove(mid, out var answer))
        {
            answer.TrySetResult(default(Nothing));
        }
    }

    /// <summary>The connection is lost, and they with it.</summary>
    public void Lose(Failure failure)
    {
        foreach (var answer in waiting.Values)
        {
            answer.TrySetResult(failure);
        }

        waiting.Clear();
    }
}
