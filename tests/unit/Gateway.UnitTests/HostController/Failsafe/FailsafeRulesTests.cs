using FsCheck;
using FsCheck.Fluent;
using Gateway.HostController.Failsafe;
using static Gateway.HostController.Failsafe.Remedy;

namespace Gateway.UnitTests.HostController.Failsafe;

public sealed class FailsafeRulesTests
{
    private static readonly FailsafeFacts Good = new()
    {
        Engine = EngineFact.Answers,
        Supervisor = SupervisorFact.Well,
        IsCommitted = true,
        HasImage = true,
        HasArchive = true,
        ArchiveIsCurrent = true,
        HasPrevious = true,
    };

    private static string Ladder(FailsafeFacts facts, int length) =>
        string.Join(' ', Enumerable.Range(0, length).Select(attempts => $"{FailsafeRules.Next(facts, _ => attempts, _ => true)?.Remedy}"));

    [Fact]
    public void A_machine_that_is_well_is_left_alone() => Assert.Null(FailsafeRules.Next(Good, _ => 0, _ => true));

    [Theory]
    [InlineData("Stopped", "StartSupervisor StartSupervisor RecreateSupervisor GoBack RestoreSupervisor StartSupervisor")]
    [InlineData("Paused", "UnpauseSupervisor RestartSupervisor RecreateSupervisor GoBack RestoreSupervisor UnpauseSupervisor")]
    [InlineData("Unhealthy", "RestartSupervisor RestartSupervisor RecreateSupervisor GoBack RestoreSupervisor RestartSupervisor")]
    [InlineData("Dead", "RecreateSupervisor GoBack RestoreSupervisor RecreateSupervisor")]
    [InlineData("Looping", "RecreateSupervisor GoBack RestoreSupervisor RecreateSupervisor")]
    [InlineData("WrongImage", "RecreateSupervisor GoBack RestoreSupervisor RecreateSupervisor")]
    [InlineData("Absent", "RecreateSupervisor GoBack RestoreSupervisor RecreateSupervisor")]
    [InlineData("Starting", " ")]
    public void A_sick_supervisor_is_treated_gently_first_and_then_ever_harder(string fact, string ladder) =>
        Assert.Equal(ladder, Ladder(Good with { Supervisor = Enum.Parse<SupervisorFact>(fact) }, ladder.Split(' ').Length));

    [Fact]
    public void With_Dockers_storage_gone_the_archive_comes_first_and_then_the_release_before()
    {
        var gone = Good with { Supervisor = SupervisorFact.Absent, HasImage = false, HasPrevious = false };
        Assert.Equal("RestoreSupervisor RestoreSupervisor", Ladder(gone, 2));
        Assert.Equal("RestoreSupervisor GoBack RestoreSupervisor", Ladder(gone with { HasPrevious = true }, 3));
        Assert.Null(FailsafeRules.Next(gone with { HasArchive = false }, _ => 0, _ => true));
    }

    [Fact]
    public void What_an_update_set_aside_comes_back_first() =>
        Assert.Equal("BringBack BringBack", Ladder(Good with { Supervisor = SupervisorFact.Absent, IsSetAside = true }, 2));

    [Fact]
    public void An_interrupted_update_goes_on_and_one_under_way_is_left_alone()
    {
        var absent = Good with { Supervisor = SupervisorFact.Absent };
        Assert.Equal("ResumeUpdate", Ladder(absent with { UpdateInterrupted = true }, 1));
        Assert.Null(FailsafeRules.Next(absent with { HandsOff = true, UpdateInterrupted = true }, _ => 0, _ => true));
    }

    [Fact]
    public void A_supervisor_that_was_never_committed_is_started_and_nothing_else()
    {
        var unknown = Good with { IsCommitted = false, HasImage = false, HasPrevious = false, HasArchive = false, ArchiveIsCurrent = false };
        Assert.Equal("StartSupervisor StartSupervisor StartSupervisor", Ladder(unknown with { Supervisor = SupervisorFact.Stopped }, 3));
        Assert.Equal("", Ladder(unknown with { Supervisor = SupervisorFact.Absent }, 1));
    }

    [Fact]
    public void A_reserve_that_is_missing_is_made_while_all_is_well()
    {
        Assert.Equal("KeepArchive", Ladder(Good with { ArchiveIsCurrent = false }, 1));
        Assert.Equal("LoadArchive", Ladder(Good with { HasImage = false }, 1));
        Assert.Equal("", Ladder(Good with { ArchiveIsCurrent = false, Supervisor = SupervisorFact.Starting }, 1));
    }

    [Fact]
    public void Docker_that_does_not_run_is_started_and_one_that_hangs_is_killed_the_second_time()
    {
        Assert.Equal("RestartEngine RestartEngine", Ladder(Good with { Engine = EngineFact.Stopped }, 2));
        Assert.Equal("RestartEngine KillEngine RestartEngine", Ladder(Good with { Engine = EngineFact.Hung }, 3));
        Assert.Equal(" ", Ladder(Good with { Engine = EngineFact.Changing }, 2));
        Assert.Equal(" ", Ladder(Good with { Engine = EngineFact.Stopped, PackagesBusy = true }, 2));
    }

    [Fact]
    public void Room_is_made_and_packages_are_repaired()
    {
        Assert.Equal("CleanPackageCache ShrinkJournal RemoveUnusedImages RemoveOldLogs CleanPackageCache", Ladder(Good with { DiskIsLow = true }, 5));
        Assert.Equal("RepairPackages", Ladder(Good with { PackagesBroken = true }, 1));
        Assert.Equal("ShrinkJournal ShrinkJournal RemoveUnusedImages RemoveOldLogs ShrinkJournal", Ladder(Good with { DiskIsLow = true, PackagesBroken = true }, 5));
        Assert.Equal("", Ladder(Good with { PackagesBroken = true, PackagesBusy = true }, 1));
    }

    [Fact]
    public void While_one_concern_backs_off_the_others_have_their_turn()
    {
        var all = Good with { DiskIsLow = true, Supervisor = SupervisorFact.Stopped, PackagesBroken = true };
        var backingOff = new HashSet<Concern>();
        var treated = new List<Concern>();
        while (FailsafeRules.Next(all, _ => 0, concern => !backingOff.Contains(concern)) is { } next)
        {
            treated.Add(next.Concern);
            backingOff.Add(next.Concern);
        }

        Assert.Equal([Concern.Disk, Concern.Supervisor, Concern.Packages], treated);
    }

    [Fact]
    public void Whatever_is_wrong_containers_are_touched_only_when_the_engine_answers_and_nobody_else_is_at_it()
    {
        var facts = from engine in Gen.Elements(Enum.GetValues<EngineFact>())
                    from supervisor in Gen.Elements(Enum.GetValues<SupervisorFact>())
                    from bits in Gen.Choose(0, 4095)
                    from attempts in Gen.Choose(0, 12)
                    select (Facts: Facts(engine, supervisor, bits), attempts);
        Prop.ForAll(Arb.From(facts), story =>
        {
            var next = FailsafeRules.Next(story.Facts, _ => story.attempts, _ => true);
            var touches = next?.Concern is Concern.Supervisor or Concern.Reserve;
            Assert.True(!touches || story.Facts is { Engine: EngineFact.Answers, HandsOff: false });
            Assert.True(next?.Remedy is not (RecreateSupervisor or KeepArchive) || story.Facts is { IsCommitted: true, HasImage: true });
            Assert.True(next?.Remedy is not (RestoreSupervisor or LoadArchive) || story.Facts.HasArchive);
            Assert.True(next?.Remedy is not GoBack || story.Facts.HasPrevious);
            Assert.True(next?.Remedy is not RepairPackages || !story.Facts.PackagesBusy);
            Assert.True(!story.Facts.UpdateInterrupted || next?.Concern is not Concern.Supervisor || next.Remedy == ResumeUpdate);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(3000));
    }

    private static FailsafeFacts Facts(EngineFact engine, SupervisorFact supervisor, int bits)
    {
        bool Bit(int at) => (bits & (1 << at)) != 0;
        var committed = Bit(3);
        return new FailsafeFacts
        {
            Engine = engine,
            Supervisor = supervisor,
            UpdateInterrupted = Bit(0),
            HandsOff = Bit(1),
            IsSetAside = Bit(2),
            IsCommitted = committed,
            HasImage = committed && Bit(4),
            HasArchive = Bit(5) || Bit(6),
            ArchiveIsCurrent = Bit(6),
            HasPrevious = committed && Bit(7),
            DiskIsLow = Bit(8),
            PackagesBroken = Bit(9),
            PackagesBusy = Bit(10),
        };
    }
}
