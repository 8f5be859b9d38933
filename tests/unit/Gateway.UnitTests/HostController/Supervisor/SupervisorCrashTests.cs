using FsCheck;
using FsCheck.Fluent;
using Gateway.HostController.Supervisor;

namespace Gateway.UnitTests.HostController.Supervisor;

/// <summary>Power is lost before and after every write and every action: the end is always the new release, or the same old container.</summary>
public sealed class SupervisorCrashTests
{
    private static readonly UpdatePhase[] Failing =
        [UpdatePhase.Idle, UpdatePhase.Fetch, UpdatePhase.SmokeTest, UpdatePhase.Create, UpdatePhase.StopOld, UpdatePhase.PutInPlace, UpdatePhase.Start, UpdatePhase.Probation];

    private static FakeSupervisorHost WithOld(UpdatePhase failing)
    {
        var host = new FakeSupervisorHost();
        host.Boxes["sup"] = new FakeSupervisorHost.Box("old", "old", true);
        host.Images.Add("old");
        if (failing != UpdatePhase.Idle)
        {
            host.Bad["new"] = failing;
        }

        return host;
    }

    [Fact]
    public void Wherever_power_is_lost_twice_the_end_is_committed_or_rolled_back()
    {
        foreach (var failing in Failing)
        {
            for (var first = 0; first < 60; first++)
            {
                for (var second = 0; second < 60; second += 7)
                {
                    var host = WithOld(failing);
                    Lose(host, first);
                    Lose(host, second);
                    host.Left = int.MaxValue;
                    Assert.True(host.Run(FakeSupervisorHost.Begin("new")));
                    Check(host, failing, $"{failing} {first} {second}");
                }
            }
        }
    }

    [Fact]
    public void Wherever_the_disk_gets_full_a_supervisor_runs_and_the_release_comes_once_there_is_room()
    {
        foreach (var failing in Failing)
        {
            for (var room = 0; room < 20; room++)
            {
                for (var cut = 0; cut <= 60; cut++)
                {
                    var story = $"{failing}, room for {room}, power cut at {cut}";
                    var host = WithOld(failing);
                    host.Room = room;
                    // At 60 there is none.
                    Lose(host, cut == 60 ? int.MaxValue : cut);
                    host.Left = int.MaxValue;
                    host.Room = 0;
                    Assert.True(host.Run(null));
                    Assert.True(host.Boxes.GetValueOrDefault("sup") is { Running: true }, $"{story}: no supervisor");

                    host.Room = -1;
                    Assert.True(host.Run(FakeSupervisorHost.Begin("new")));
                    Check(host, failing, story);
                    Assert.True(failing != UpdatePhase.Idle || host.Record.Current?.Hash == "new", $"{story}: a good one is not tried again");
                }
            }
        }
    }

    [Theory]
    [InlineData("RemoveNew")]
    [InlineData("BringBack")]
    [InlineData("StartOld")]
    public void A_way_back_that_cannot_be_gone_ends_and_is_left_to_the_failsafe(string phase)
    {
        for (var cut = 0; cut < 60; cut++)
        {
            var host = WithOld(UpdatePhase.Probation);
            host.NoWayBack = Enum.Parse<UpdatePhase>(phase);
            Lose(host, cut);
            host.Left = int.MaxValue;
            Assert.True(host.Run(FakeSupervisorHost.Begin("new")));
            Assert.Equal(UpdatePhase.Idle, host.Record.Phase);
            Assert.Equal("old", host.Record.Current!.Hash);
            Assert.Contains("old", host.Images);
            Assert.True(host.Record.FailureOf("new") is { Final: true }, $"cut {cut}: {host.Record.FailureOf("new")}");
            Assert.Equal(phase == "RemoveNew", host.Boxes.GetValueOrDefault("sup") is { Release: "old", Running: true });
        }
    }

    [Fact]
    public void Releases_one_after_the_other_with_power_lost_anywhere_leave_one_supervisor_that_is_recorded()
    {
        var chance = from releases in Gen.ArrayOf(Gen.Elements("a", "b", "c", "d"), 5)
                     from bad in Gen.ArrayOf(Gen.Elements(Failing), 4)
                     from cuts in Gen.ArrayOf(Gen.Choose(0, 80), 10)
                     select (releases, bad, cuts);
        Prop.ForAll(Arb.From(chance), story =>
        {
            var host = WithOld(UpdatePhase.Idle);
            for (var i = 0; i < 4; i++)
            {
                if (story.bad[i] != UpdatePhase.Idle)
                {
                    host.Bad["abcd"[i..(i + 1)]] = story.bad[i];
                }
            }

            for (var i = 0; i < story.releases.Length; i++)
            {
                Lose(host, story.cuts[2 * i], story.releases[i]);
                Lose(host, story.cuts[2 * i + 1], story.releases[i]);
                host.Left = int.MaxValue;
                Assert.True(host.Run(FakeSupervisorHost.Begin(story.releases[i])));
                var box = Assert.Single(host.Boxes);
                Assert.Equal("sup", box.Key);
                Assert.True(box.Value.Running);
                Assert.Equal(UpdatePhase.Idle, host.Record.Phase);
                Assert.Equal(host.Record.Current!.Hash, box.Value.Release);
                Assert.False(host.Bad.ContainsKey(box.Value.Release));
                Assert.Contains(box.Value.Release, host.Images);
                Assert.True(host.Record.Previous is null || host.Images.Contains(host.Record.Previous.Hash), "the image to go back to was removed");
            }
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
    }

    [Fact]
    public void A_failed_release_is_not_tried_again_until_another_was_committed()
    {
        var host = WithOld(UpdatePhase.Probation);
        Assert.True(host.Run(FakeSupervisorHost.Begin("new")));
        Assert.Contains("rolled back", host.Record.Last!.Text, StringComparison.Ordinal);
        host.Log.Clear();
        Assert.True(host.Run(FakeSupervisorHost.Begin("new")));
        Assert.Empty(host.Log);
        Assert.True(host.Run(FakeSupervisorHost.Begin("other")));
        host.Bad.Clear();
        Assert.True(host.Run(FakeSupervisorHost.Begin("new")));
        Assert.Equal("new", host.Record.Current!.Hash);
        Assert.Equal("other", host.Record.Previous!.Hash);
        Assert.Equal(["new", "other"], host.Images.Order());
    }

    [Fact]
    public void What_could_not_be_fetched_is_remembered_and_tried_again_with_the_next_cycle()
    {
        var host = WithOld(UpdatePhase.Fetch);
        var machine = SupervisorMachine.Next(host.Record, FakeSupervisorHost.Begin("new"), default).Record;
        machine = SupervisorMachine.Next(machine, new UpdateEvent.Broke("no network", true), default).Record;
        Assert.False(machine.FailureOf("new")!.Final);
        Assert.Equal("no network", machine.FailureOf("new")!.Reason);
        Assert.DoesNotContain(UpdatePhase.StopOld, machine.Steps);
    }

    [Fact]
    public void A_release_that_takes_the_machine_down_is_given_up_after_three_boots()
    {
        var host = WithOld(UpdatePhase.Idle);
        host.Deadly.Add("new");
        var boots = 0;
        while (!host.Run(FakeSupervisorHost.Begin("new")))
        {
            Assert.True(++boots <= SupervisorMachine.MostAttempts, "a boot loop");
        }

        Assert.Equal("old", host.Boxes["sup"].Id);
        Assert.True(host.Boxes["sup"].Running);
        Assert.Contains("interrupted 3 times", host.Record.FailureOf("new")!.Reason, StringComparison.Ordinal);
        Assert.True(host.Record.FailureOf("new")!.Final);
    }

    [Fact]
    public void Going_back_condemns_the_release_that_was_left_and_keeps_the_memory_of_it()
    {
        var host = WithOld(UpdatePhase.Idle);
        Assert.True(host.Run(FakeSupervisorHost.Begin("new")));
        var back = FakeSupervisorHost.Begin("old") with { From = UpdatePhase.Archive, Condemned = "by hand", Candidate = FakeSupervisorHost.Release("old") };
        Assert.True(host.Run(back));
        Assert.Equal("old", host.Boxes["sup"].Release);
        Assert.Equal("by hand", host.Record.FailureOf("new")!.Reason);
        Assert.Null(host.Record.Previous);
        Assert.Equal(["old"], host.Images);
        Assert.True(host.Run(FakeSupervisorHost.Begin("new")));
        Assert.Equal("old", host.Boxes["sup"].Release);
    }

    private static void Lose(FakeSupervisorHost host, int after, string release = "new")
    {
        host.Left = after;
        host.Run(FakeSupervisorHost.Begin(release));
    }

    private static void Check(FakeSupervisorHost host, UpdatePhase failing, string story)
    {
        var isCommitted = host.Record.Current?.Hash == "new";
        var box = Assert.Single(host.Boxes);
        Assert.True(box.Key == "sup" && box.Value.Running, story);
        Assert.Equal(UpdatePhase.Idle, host.Record.Phase);
        Assert.True(box.Value.Release == (isCommitted ? "new" : "old"), story);
        Assert.True(isCommitted || box.Value.Id == "old", $"{story}: not the same old container");
        Assert.True(!isCommitted || failing is UpdatePhase.Idle, $"{story}: a bad one was committed");
        Assert.True(isCommitted || host.Record.FailureOf("new") is not null, $"{story}: nothing is remembered");
    }
}
