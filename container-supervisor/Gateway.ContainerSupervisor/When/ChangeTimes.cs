using System.Collections.Immutable;
using Gateway.Reconciliation.Plan;

namespace Gateway.ContainerSupervisor.When;

/// <summary>Decides whether changes may begin, from windows and locks. Pure but for one remembered answer.</summary>
internal sealed class ChangeTimes(ImmutableArray<ChangeWindow> windows)
{
    private Opening? remembered;

    /// <summary>The gate at a time: open inside any window (always, without windows) as long as nobody holds a lock.</summary>
    /// <param name="locks">Those that are held.</param>
    /// <param name="now">The time.</param>
    public UpdateGate Gate(ImmutableArray<UpdateLock> locks, DateTimeOffset now)
    {
        var inside = IsInside(now);
        if (inside && locks.IsEmpty)
        {
            return UpdateGate.Open;
        }

        // A window that opens and closes again while a lock is held is of no use.
        DateTimeOffset? free = locks.IsEmpty ? now : locks.Max(static held => held.Until);
        var until = IsInside(free.Value) ? free : NextOpening(free.Value);
        return new UpdateGate(Reason(inside, locks), until);
    }

    private bool IsInside(DateTimeOffset time) => windows.IsEmpty || windows.Any(window => window.IsOpen(time));

    /// <summary>The search may go through decades of a calendar; it is asked for in every round.</summary>
    private DateTimeOffset? NextOpening(DateTimeOffset after)
    {
        if (remembered is not { } known || after < known.After || known.At <= after)
        {
            remembered = known = new Opening(after, windows.Min(window => window.NextOpening(after)));
        }

        return known.At;
    }

    private static string Reason(bool inside, ImmutableArray<UpdateLock> locks)
    {
        var held = locks.IsEmpty ? null : $"locked by {string.Join(", ", locks.Select(static held => held.Reason is null ? held.Owner : $"{held.Owner} ({held.Reason})"))}";
        return (inside, held) switch
        {
            (false, null) => "outside the maintenance windows",
            (false, _) => $"{held}; outside the maintenance windows",
            _ => held!,
        };
    }

    private sealed record Opening(DateTimeOffset After, DateTimeOffset? At);
}
