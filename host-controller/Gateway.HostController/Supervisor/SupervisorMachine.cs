using static Gateway.HostController.Supervisor.UpdatePhase;

namespace Gateway.HostController.Supervisor;

/// <summary>
/// The update of the supervisor as a machine: from the record and what happened, the next record. The action to be
/// performed is its <see cref="SupervisorRecord.Phase"/>. Pure; whoever drives it saves the record before performing.
/// </summary>
/// <remarks>
/// Up to <see cref="Create"/> nothing that runs is touched. From <see cref="StopOld"/> on the old container is known by
/// id and kept. The commit is one record: <c>Current = Candidate</c>. Only then is anything removed.
/// </remarks>
internal static class SupervisorMachine
{
    /// <summary>This many interruptions of one candidate's update, and it is given up: a boot loop ends.</summary>
    public const int MostAttempts = 3;

    /// <summary>The next record, and whether its phase is to be performed now; if not, the machine rests.</summary>
    public static (SupervisorRecord Record, bool Act) Next(SupervisorRecord record, UpdateEvent happened, DateTimeOffset now)
    {
        var next = happened switch
        {
            UpdateEvent.Begin begin => Begin(record, begin),
            UpdateEvent.Worked worked => Forward(record, worked, now),
            UpdateEvent.Broke broke => Back(record, broke, now),
            UpdateEvent.Resumed resumed => Resume(record, resumed, now),
            _ => throw new ArgumentOutOfRangeException(nameof(happened), happened, null),
        };
        // An action that failed and is to be repeated waits for whoever resumes it.
        var isStuck = happened is UpdateEvent.Broke && next.Phase == record.Phase;
        return (next, next.Phase != Idle && !isStuck);
    }

    private static SupervisorRecord Begin(SupervisorRecord record, UpdateEvent.Begin begin)
    {
        if (record.IsUnderWay)
        {
            throw new InvalidOperationException($"an update is under way: {record.Phase}");
        }

        return record with
        {
            Current = record.Current ?? begin.Adopted,
            Candidate = begin.Candidate,
            Phase = begin.From,
            Steps = [],
            Attempts = record.Candidate?.Hash == begin.Candidate.Hash ? record.Attempts : 0,
            BootId = begin.BootId,
            OldContainer = null,
            NewContainer = begin.InPlace,
            Problem = null,
            Passing = false,
            Condemned = begin.Condemned,
            Obsolete = null,
            HealthSeconds = (int)begin.HealthTimeout.TotalSeconds,
            ProbationSeconds = (int)begin.Probation.TotalSeconds,
        };
    }

    private static SupervisorRecord Forward(SupervisorRecord record, UpdateEvent.Worked worked, DateTimeOffset now)
    {
        var done = record with { Steps = record.Steps.Add(record.Phase) };
        return record.Phase switch
        {
            UpdatePhase.Fetch => done with { Candidate = record.Candidate! with { ImageId = worked.Made! }, Phase = Archive },
            Archive => done with { Phase = SmokeTest },
            SmokeTest => done with { Phase = Create },
            Create => done with { NewContainer = worked.Made, OldContainer = worked.Old, Phase = worked.Old is null ? PutInPlace : StopOld },
            StopOld => done with { Phase = SetAside },
            SetAside => done with { Phase = PutInPlace },
            PutInPlace => done with { Phase = Start },
            Start => done with { Phase = Probation },
            Probation => Commit(done, now),
            RemoveNew => done with { Phase = BringBack },
            BringBack => done with { OldContainer = worked.Made ?? record.OldContainer, Phase = StartOld },
            DropCandidate or StartOld => GivenUp(done, now),
            CleanUp => Rest(record),
            _ => throw new InvalidOperationException($"nothing is under way: {record.Phase}"),
        };
    }

    private static SupervisorRecord Back(SupervisorRecord record, UpdateEvent.Broke broke, DateTimeOffset now)
    {
        var wrong = record with { Problem = broke.Reason, Passing = broke.Passing };
        return record.Phase switch
        {
            UpdatePhase.Fetch => GivenUp(wrong, now),
            // Without a copy outside the engine an update is still better than none; the failsafe makes one later.
            Archive => record with { Phase = SmokeTest },
            SmokeTest or Create => wrong with { Phase = DropCandidate },
            PutInPlace when record.Current is null => wrong with { Phase = DropCandidate },
            // There is nothing to go back to: one that is not well is better than none, and stays.
            Start or Probation when record.Current is null => GivenUp(wrong with { Passing = true }, now),
            StopOld or SetAside or PutInPlace or Start or Probation => Counted(wrong) with { Phase = RemoveNew },
            CleanUp => Rest(record),
            // What is in the way does not go: the old one may still take its place.
            RemoveNew when !broke.Passing => record with { Phase = BringBack },
            // The same would happen again, for ever; the failsafe has harder remedies.
            BringBack or StartOld when !broke.Passing => GivenUp(LeftBehind(record, broke), now),
            // An engine that is away: repeated until it works.
            _ => record,
        };
    }

    private static SupervisorRecord LeftBehind(SupervisorRecord record, UpdateEvent.Broke broke) =>
        record with { OldContainer = null, Problem = $"{record.Problem}; and the one before cannot be brought back: {broke.Reason}" };

    private static SupervisorRecord Resume(SupervisorRecord record, UpdateEvent.Resumed resumed, DateTimeOffset now)
    {
        if (record.Phase is Idle or CleanUp or DropCandidate or RemoveNew or BringBack or StartOld)
        {
            return record;
        }

        var how = record.BootId == resumed.BootId ? "the host controller was restarted" : "the gateway was restarted";
        var interrupted = record with { BootId = resumed.BootId, Attempts = record.Attempts + (record.Phase is UpdatePhase.Fetch or Archive ? 0 : 1) };
        if (record.Phase is UpdatePhase.Fetch or Archive)
        {
            return GivenUp(interrupted with { Problem = $"interrupted: {how}", Passing = true }, now);
        }

        var isTooOften = interrupted.Attempts >= MostAttempts;
        var why = isTooOften ? $"was interrupted {interrupted.Attempts} times, at last on '{record.Phase}': {how}" : $"interrupted: {how}";
        return record.Phase switch
        {
            SmokeTest or Create => interrupted with { Phase = DropCandidate, Problem = why, Passing = !isTooOften },
            _ when isTooOften => Back(interrupted, new UpdateEvent.Broke(why, false), now),
            Probation => interrupted with { Phase = Start },
            _ => interrupted,
        };
    }

    /// <summary>Each time that costs a moment without supervisor counts, whatever the reason: no candidate may do so for ever.</summary>
    private static SupervisorRecord Counted(SupervisorRecord record) => record.Passing
        ? record with { Attempts = record.Attempts + 1, Passing = record.Attempts + 1 < MostAttempts }
        : record;

    /// <summary>The one write that makes the candidate the current release.</summary>
    private static SupervisorRecord Commit(SupervisorRecord record, DateTimeOffset now)
    {
        var (current, candidate) = (record.Current, record.Candidate!);
        var isSame = current?.Hash == candidate.Hash;
        var kept = isSame ? record.Previous : current;
        var committed = record with
        {
            Current = candidate,
            Previous = record.Condemned is null ? kept : null,
            Candidate = null,
            Attempts = 0,
            Phase = CleanUp,
            Obsolete = isSame ? null : Unused(record.Previous, candidate, kept),
            Failed = record.Condemned is null ? [] : [.. record.Failed.Where(failed => failed.Hash != candidate.Hash)],
            Last = new UpdateOutcome(now, true, Told(record, current, candidate)),
        };
        return record.Condemned is { } reason && current is not null && !isSame
            ? committed.Remember(new FailedRelease(current.Image, current.Hash, now, reason, true)) with { Obsolete = Unused(current, candidate) }
            : committed;
    }

    private static string Told(SupervisorRecord record, SupervisorRelease? from, SupervisorRelease to) =>
        record.Condemned is { } reason ? $"went back to {to.Image} from {from?.Image}: {reason}"
        : from is null || from.Hash == to.Hash ? $"was started from {to.Image}"
        : $"was updated from {from.Image} to {to.Image}";

    /// <summary>The candidate did not stay: what was before is in place, and the reason is remembered.</summary>
    private static SupervisorRecord GivenUp(SupervisorRecord record, DateTimeOffset now)
    {
        var candidate = record.Candidate!;
        var reason = record.Problem ?? "";
        var isBack = record.OldContainer is not null;
        var text = isBack ? $"rolled back to {record.Current?.Image}: {candidate.Image} {reason}" : $"{candidate.Image}: {reason}";
        var rested = record.Remember(new FailedRelease(candidate.Image, candidate.Hash, now, reason, !record.Passing)) with
        {
            Phase = CleanUp,
            Obsolete = record.Passing ? null : Unused(candidate, record.Current, record.Previous),
            Last = new UpdateOutcome(now, false, text),
        };
        // The count of a candidate that may be tried again goes on.
        return record.Passing ? rested : rested with { Candidate = null, Attempts = 0 };
    }

    private static SupervisorRecord Rest(SupervisorRecord record) =>
        record with { Phase = Idle, OldContainer = null, NewContainer = null, Problem = null, Passing = false, Condemned = null, Obsolete = null };

    private static string? Unused(SupervisorRelease? release, params ReadOnlySpan<SupervisorRelease?> used)
    {
        if (release is not { ImageId.Length: > 0 })
        {
            return null;
        }

        foreach (var other in used)
        {
            if (other?.ImageId == release.ImageId)
            {
                return null;
            }
        }

        return release.ImageId;
    }
}
