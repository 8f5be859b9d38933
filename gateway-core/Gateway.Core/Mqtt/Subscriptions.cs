using Gateway.Core.Reports;

namespace Gateway.Core.Mqtt;

/// <summary>What is to be subscribed to, on every connection anew, and who waits for the broker's word on it. One caller at a time.</summary>
internal sealed class Subscriptions
{
    private readonly Dictionary<string, Wanted> all = new(StringComparer.Ordinal);

    /// <summary>Wants a pattern, and asks for it if there is a connection; ends when the broker has granted or refused it.</summary>
    public Task<Result<Nothing>> Add(string pattern, MosquittoSession? session)
    {
        var wanted = new Wanted();
        all[pattern] = wanted;
        wanted.Send(pattern, session);
        return wanted.Answer.Task;
    }

    /// <summary>No longer wants it; false when it did not.</summary>
    public bool Remove(string pattern) => all.Remove(pattern);

    /// <summary>Asks for all of them; retained messages come again.</summary>
    public void SendAll(MosquittoSession session)
    {
        foreach (var (pattern, wanted) in all)
        {
            wanted.Send(pattern, session);
        }
    }

    /// <summary>Takes in the broker's word.</summary>
    public void Settle(SessionEvent.Subscribed subscribed)
    {
        foreach (var (pattern, wanted) in all.Where(one => one.Value.Mid == subscribed.Mid))
        {
            wanted.Answer.TrySetResult(subscribed.Granted
                ? default(Nothing)
                : new Failure(Phase.Fetch, pattern, "the broker refused the subscription; check its access rules"));
        }
    }

    private sealed class Wanted
    {
        public int Mid { get; private set; }

        public TaskCompletionSource<Result<Nothing>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Send(string pattern, MosquittoSession? session) => Mid = session?.Subscribe(pattern) is { IsSuccess: true } sent ? sent.Value : 0;
    }
}
