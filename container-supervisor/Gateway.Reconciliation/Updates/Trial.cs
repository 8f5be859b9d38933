namespace Gateway.Reconciliation.Updates;

/// <summary>How often the supervisor has started, restarted or made a service's container again, so that pauses grow.</summary>
/// <param name="Count">How often in a row; 0: only the time counts.</param>
/// <param name="At">When last. Services tied to this one that started before it restart.</param>
public sealed record Trial(int Count, DateTimeOffset At)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>A container that has gone on without complaint for this long starts from zero.</summary>
    public static readonly TimeSpan Calm = TimeSpan.FromMinutes(10);

    /// <summary>Not before this is it tried again: after 2 s, 4 s, 8 s, up to 10 min.</summary>
    public DateTimeOffset NotBefore => Count == 0 ? At : At + TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, 1 << Math.Min(Count, 16)));
}
