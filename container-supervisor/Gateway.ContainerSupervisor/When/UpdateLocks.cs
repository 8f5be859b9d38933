using System.Collections.Immutable;
using Gateway.Core.Reports;
using Serilog;

namespace Gateway.ContainerSupervisor.When;

/// <summary>
/// The locks that are held: at most one per owner, each with an end, kept over restarts. While the program runs an end
/// is counted by a clock that nobody sets, so that setting the time neither frees nor prolongs a lock.
/// </summary>
internal sealed class UpdateLocks
{
    /// <summary>Most owners at once.</summary>
    public const int Most = 64;

    /// <summary>A difference of the clock that is worth a write.</summary>
    private static readonly TimeSpan Drift = TimeSpan.FromSeconds(5);

    private readonly Lock gate = new();
    private readonly LockStore store;
    private readonly TimeProvider clock;
    private readonly ILogger log;
    private readonly Dictionary<string, Entry> locks = new(StringComparer.Ordinal);

    public UpdateLocks(LockStore store, TimeProvider clock, ILogger log)
    {
        this.store = store;
        this.clock = clock;
        this.log = log;
        var loaded = store.Load();
        Problem = loaded.IsSuccess ? null : $"{loaded.Failure}; locks taken before are not known any more";
        var now = clock.GetUtcNow();
        foreach (var held in loaded.IsSuccess ? loaded.Value : [])
        {
            if (held.LeftAt(now) is var left && left > TimeSpan.Zero)
            {
                var length = held.Until - held.Taken;
                locks[held.Owner] = new Entry(held with { Taken = now + left - length, Until = now + left }, clock.GetTimestamp(), left);
            }
        }
    }

    /// <summary>Told after a lock was taken or released; not when one ends by itself.</summary>
    public Action? OnChange { get; set; }

    /// <summary>What was wrong with the locks on disk, or null.</summary>
    public string? Problem { get; }

    /// <summary>Those that are held now, by owner.</summary>
    public ImmutableArray<UpdateLock> Held
    {
        get
        {
            lock (gate)
            {
                Tidy();
                return [.. locks.Values.Select(entry => new UpdateLock(entry.Held.Owner, entry.Held.Until, entry.Held.Reason)).OrderBy(held => held.Owner, StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>Takes a lock, in place of the one the owner has; it is on disk when this returns. The one before is given back for <see cref="PutBack"/>.</summary>
    public Result<TakenLock> Take(string owner, TimeSpan duration, string? reason)
    {
        TakenLock taken;
        lock (gate)
        {
            Tidy();
            var before = locks.GetValueOrDefault(owner);
            if (before is null && locks.Count >= Most)
            {
                return new Failure(Phase.Apply, owner, $"{Most} locks are held already") { Kind = FailureKind.Refused };
            }

            var now = clock.GetUtcNow();
            var held = new HeldLock(owner, reason, now, now + duration);
            locks[owner] = new Entry(held, clock.GetTimestamp(), duration);
            if (!Save().TryGet(out _, out var wrong))
            {
                Set(owner, before);
                return wrong;
            }

            taken = new TakenLock(new UpdateLock(owner, held.Until, reason), before);
        }

        OnChange?.Invoke();
        return taken;
    }

    /// <summary>Undoes <see cref="Take"/>.</summary>
    public void PutBack(TakenLock taken)
    {
        lock (gate)
        {
            Set(taken.Lock.Owner, taken.Before);
            SaveOrWarn();
        }

        OnChange?.Invoke();
    }

    /// <summary>Releases the owner's lock; false when there was none.</summary>
    public bool Release(string owner)
    {
        lock (gate)
        {
            Tidy();
            if (!locks.Remove(owner))
            {
                return false;
            }

            SaveOrWarn();
        }

        OnChange?.Invoke();
        return true;
    }

    private void Set(string owner, Entry? entry)
    {
        if (entry is null)
        {
            locks.Remove(owner);
        }
        else
        {
            locks[owner] = entry;
        }
    }

    /// <summary>Drops what is over, and follows a clock that was set.</summary>
    private void Tidy()
    {
        var changed = false;
        var now = clock.GetUtcNow();
        foreach (var (owner, entry) in locks.ToArray())
        {
            var left = entry.Left - clock.GetElapsedTime(entry.Begun);
            if (left <= TimeSpan.Zero)
            {
                locks.Remove(owner);
                changed = true;
                log.Information("The lock of {Owner} has ended", owner);
            }
            else if ((now + left - entry.Held.Until).Duration() > Drift)
            {
                var length = entry.Held.Until - entry.Held.Taken;
                locks[owner] = entry with { Held = entry.Held with { Taken = now + left - length, Until = now + left } };
                changed = true;
            }
        }

        if (changed)
        {
            SaveOrWarn();
        }
    }

    private Result<Nothing> Save() => store.Save(locks.Values.Select(static entry => entry.Held));

    private void SaveOrWarn()
    {
        if (Save() is { IsSuccess: false } failed)
        {
            log.Warning("{Failure}", failed.Failure.ToString());
        }
    }

    /// <param name="Held">As on disk.</param>
    /// <param name="Begun">Timestamp from which <paramref name="Left"/> counts.</param>
    /// <param name="Left">What was left then.</param>
    internal sealed record Entry(HeldLock Held, long Begun, TimeSpan Left);
}
