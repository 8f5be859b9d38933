namespace Gateway.HostController.Failsafe;

/// <summary>Backs off: after each attempt at a concern twice as long, and an episode ends when the concern has been well for a while.</summary>
/// <remarks>By the monotonic clock: the system's may be set at any moment.</remarks>
internal sealed class FailsafePacing(TimeProvider clock)
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(25);
    private static readonly TimeSpan Most = TimeSpan.FromMinutes(15);

    /// <summary>Well for this long is well.</summary>
    private static readonly TimeSpan Cured = TimeSpan.FromMinutes(10);
    private readonly Dictionary<Concern, long> treated = [];
    private readonly Dictionary<Concern, long> wellSince = [];

    /// <summary>How long to wait after this many attempts.</summary>
    public static TimeSpan After(int attempts)
    {
        var doubled = First * Math.Pow(2, Math.Clamp(attempts - 1, 0, 10));
        return doubled < Most ? doubled : Most;
    }

    /// <summary>Whether a concern that was treated so often may be treated again. After a start of ours it may at once.</summary>
    public bool IsDue(Concern concern, int attempts) =>
        !treated.TryGetValue(concern, out var at) || clock.GetElapsedTime(at) >= After(attempts);

    /// <summary>It was treated now.</summary>
    public void Treated(Concern concern) => treated[concern] = clock.GetTimestamp();

    /// <summary>Takes in how it is; whether its episode is over.</summary>
    public bool IsCured(Concern concern, bool isWell)
    {
        if (!isWell)
        {
            wellSince.Remove(concern);
            return false;
        }

        wellSince.TryAdd(concern, clock.GetTimestamp());
        return clock.GetElapsedTime(wellSince[concern]) >= Cured;
    }
}
