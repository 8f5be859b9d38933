using System.Collections.Immutable;

namespace Gateway.HostController.Failsafe;

/// <summary>What is to be done, by one concern.</summary>
/// <param name="Concern">Which concern.</param>
/// <param name="Symptom">What is wrong, for people.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record Prescription(Concern Concern, string Symptom, Remedy Remedy);

/// <summary>From facts, and how often each concern was treated already, to what is to be done; pure.</summary>
/// <remarks>
/// Each concern has a ladder: gentle first, then harder, then round again, ever more slowly. Concerns do not wait for
/// each other: while one is backing off, the next has its turn.
/// </remarks>
internal static class FailsafeRules
{
    private static readonly ImmutableArray<Remedy> DiskLadder = [Remedy.CleanPackageCache, Remedy.ShrinkJournal, Remedy.RemoveUnusedImages, Remedy.RemoveOldLogs];

    /// <summary>The first thing to be done now; null for nothing.</summary>
    /// <param name="facts">How the machine is.</param>
    /// <param name="attempts">How often each concern was treated in its present episode.</param>
    /// <param name="isDue">Whether a concern's back-off is over.</param>
    public static Prescription? Next(FailsafeFacts facts, Func<Concern, int> attempts, Func<Concern, bool> isDue)
    {
        ReadOnlySpan<Prescription?> all =
        [
            Disk(facts, attempts(Concern.Disk)),
            Engine(facts, attempts(Concern.Engine)),
            Supervisor(facts, attempts(Concern.Supervisor)),
            Reserve(facts),
            Packages(facts),
        ];
        foreach (var one in all)
        {
            if (one is not null && isDue(one.Concern))
            {
                return one;
            }
        }

        return null;
    }

    /// <summary>Whether a concern is as it should be, so that its episode may end.</summary>
    public static bool IsWell(FailsafeFacts facts, Concern concern) => concern switch
    {
        Concern.Disk => !facts.DiskIsLow,
        Concern.Engine => facts.Engine is EngineFact.Answers or EngineFact.NotInstalled,
        Concern.Reserve => facts is { Engine: EngineFact.Answers, IsCommitted: true, HasImage: true, ArchiveIsCurrent: true },
        Concern.Supervisor => facts is { Engine: EngineFact.Answers, Supervisor: SupervisorFact.Well },
        _ => !facts.PackagesBroken,
    };

    private static Prescription? Disk(FailsafeFacts facts, int attempts)
    {
        if (!facts.DiskIsLow)
        {
            return null;
        }

        var remedy = DiskLadder[attempts % DiskLadder.Length] switch
        {
            // dpkg's repair needs the archive of what it was unpacking.
            Remedy.CleanPackageCache when facts.PackagesBroken => Remedy.ShrinkJournal,
            Remedy.RemoveUnusedImages when facts.Engine != EngineFact.Answers => Remedy.RemoveOldLogs,
            var usual => usual,
        };
        return new Prescription(Concern.Disk, "the disk is almost full", remedy);
    }

    private static Prescription? Engine(FailsafeFacts facts, int attempts) => facts switch
    {
        // Installing Docker stops and starts it.
        { PackagesBusy: true } => null,
        { Engine: EngineFact.Stopped } => new(Concern.Engine, "Docker does not run", Remedy.RestartEngine),
        // What hangs does not heed a polite request, so every second time it is not asked.
        { Engine: EngineFact.Hung } => new(Concern.Engine, "Docker does not answer", attempts % 2 == 0 ? Remedy.RestartEngine : Remedy.KillEngine),
        _ => null,
    };

    private static Prescription? Supervisor(FailsafeFacts facts, int attempts)
    {
        if (facts.Engine != EngineFact.Answers || facts.HandsOff)
        {
            return null;
        }

        if (facts.UpdateInterrupted)
        {
            return new Prescription(Concern.Supervisor, "an update of the supervisor was interrupted", Remedy.ResumeUpdate);
        }

        return facts.Supervisor switch
        {
            SupervisorFact.Starting => null,
            SupervisorFact.Well => null,
            SupervisorFact.Absent when facts.IsSetAside => Sick("there is no supervisor", Remedy.BringBack),
            var fact when !facts.IsCommitted => Gentle(fact) is { } gentle ? Sick(Symptom(fact), gentle) : null,
            var fact => Ladder(facts, fact) is { IsEmpty: false } ladder ? Sick(Symptom(fact), ladder[attempts % ladder.Length]) : null,
        };
    }

    /// <summary>It is well: see that it can come back.</summary>
    private static Prescription? Reserve(FailsafeFacts facts) => facts switch
    {
        { HandsOff: true } or { UpdateInterrupted: true } or { Engine: not EngineFact.Answers } or { Supervisor: not SupervisorFact.Well } => null,
        { IsCommitted: true, HasImage: false, ArchiveIsCurrent: true } => new(Concern.Reserve, "the supervisor's image is gone", Remedy.LoadArchive),
        { IsCommitted: true, HasImage: true, ArchiveIsCurrent: false, DiskIsLow: false } => new(Concern.Reserve, "there is no copy of the supervisor's image outside Docker", Remedy.KeepArchive),
        _ => null,
    };

    /// <summary>Every remedy that is possible now, gentle ones first, each in its turn.</summary>
    private static ImmutableArray<Remedy> Ladder(FailsafeFacts facts, SupervisorFact fact)
    {
        var ladder = ImmutableArray.CreateBuilder<Remedy>();
        if (Gentle(fact) is { } gentle)
        {
            ladder.Add(gentle);
            ladder.Add(gentle == Remedy.UnpauseSupervisor ? Remedy.RestartSupervisor : gentle);
        }

        if (facts.HasImage)
        {
            ladder.Add(Remedy.RecreateSupervisor);
        }

        if (facts.HasPrevious && facts.HasImage)
        {
            ladder.Add(Remedy.GoBack);
        }

        // What the engine keeps of the image may be damaged, or gone.
        if (facts.HasArchive)
        {
            ladder.Add(Remedy.RestoreSupervisor);
        }

        if (facts.HasPrevious && !facts.HasImage)
        {
            ladder.Add(Remedy.GoBack);
        }

        return ladder.ToImmutable();
    }

    private static Remedy? Gentle(SupervisorFact fact) => fact switch
    {
        SupervisorFact.Stopped => Remedy.StartSupervisor,
        SupervisorFact.Paused => Remedy.UnpauseSupervisor,
        SupervisorFact.Unhealthy => Remedy.RestartSupervisor,
        _ => null,
    };

    private static Prescription? Packages(FailsafeFacts facts) =>
        facts is { PackagesBroken: true, PackagesBusy: false } ? new(Concern.Packages, "dpkg was interrupted", Remedy.RepairPackages) : null;

    private static Prescription Sick(string symptom, Remedy remedy) => new(Concern.Supervisor, symptom, remedy);

    private static string Symptom(SupervisorFact fact) => fact switch
    {
        SupervisorFact.Absent => "there is no supervisor",
        SupervisorFact.Stopped => "the supervisor does not run",
        SupervisorFact.Paused => "the supervisor is paused",
        SupervisorFact.Dead => "the supervisor's container is dead",
        SupervisorFact.Unhealthy => "the supervisor is unhealthy",
        SupervisorFact.Looping => "the supervisor ends again and again",
        SupervisorFact.WrongImage => "the supervisor runs from another image than the committed one",
        _ => $"{fact}",
    };
}
