using Gateway.HostController.Failsafe;

namespace Gateway.UnitTests.HostController.Failsafe;

public sealed class FailsafePartsTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("failsafe-").FullName;

    private sealed class Clock : TimeProvider
    {
        public long Now { get; set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => Now;
    }

    [Fact]
    public void Each_attempt_doubles_the_wait_up_to_a_quarter_of_an_hour()
    {
        Assert.Equal([25, 50, 100, 200, 400, 800, 900, 900], Enumerable.Range(1, 8).Select(n => (int)FailsafePacing.After(n).TotalSeconds));
        Assert.Equal(900, FailsafePacing.After(10_000).TotalSeconds);
    }

    [Fact]
    public void A_concern_is_due_again_after_its_wait_and_cured_after_ten_good_minutes()
    {
        var clock = new Clock();
        var pacing = new FailsafePacing(clock);
        Assert.True(pacing.IsDue(Concern.Engine, 5));
        pacing.Treated(Concern.Engine);
        Assert.False(pacing.IsDue(Concern.Engine, 1));
        Assert.True(pacing.IsDue(Concern.Disk, 1));
        clock.Now = 25;
        Assert.True(pacing.IsDue(Concern.Engine, 1));
        Assert.False(pacing.IsDue(Concern.Engine, 2));
        Assert.False(pacing.IsCured(Concern.Engine, true));
        clock.Now += 500;
        Assert.False(pacing.IsCured(Concern.Engine, false));
        Assert.False(pacing.IsCured(Concern.Engine, true));
        clock.Now += 600;
        Assert.True(pacing.IsCured(Concern.Engine, true));
    }

    [Fact]
    public void Attempts_and_the_last_deeds_survive_a_restart()
    {
        var file = Path.Combine(folder, "state", "failsafe.json");
        var memory = FailsafeMemory.Load(file);
        for (var i = 0; i < 40; i++)
        {
            memory = memory.With(new FailsafeDeed(DateTimeOffset.UnixEpoch.AddDays(i), Concern.Supervisor, "s", Remedy.StartSupervisor, true, ""));
        }

        Assert.True(memory.Save(file));
        var read = FailsafeMemory.Load(file);
        Assert.Equal(40, read.Of(Concern.Supervisor));
        Assert.Equal(0, read.Of(Concern.Disk));
        Assert.Equal(30, read.Deeds.Length);
        Assert.Equal(39, (read.Deeds[^1].At - DateTimeOffset.UnixEpoch).Days);
        Assert.Equal(0, read.Without(Concern.Supervisor).Of(Concern.Supervisor));
        File.WriteAllText(file, "{torn");
        Assert.Equal(0, FailsafeMemory.Load(file).Of(Concern.Supervisor));
    }

    [Fact]
    public void What_fails_for_ever_does_not_push_out_what_else_was_done()
    {
        static FailsafeDeed Deed(int day, Concern concern, Remedy remedy, bool worked) => new(DateTimeOffset.UnixEpoch.AddDays(day), concern, "s", remedy, worked, $"{day}");
        var memory = FailsafeMemory.Empty.With(Deed(0, Concern.Supervisor, Remedy.StartSupervisor, true));
        for (var day = 1; day < 100; day++)
        {
            memory = memory.With(Deed(day, Concern.Reserve, Remedy.KeepArchive, false));
        }

        Assert.Equal(["0", "99"], memory.Deeds.Select(deed => deed.Text));
        Assert.Equal(99, memory.Of(Concern.Reserve));
    }

    [Fact]
    public void A_container_that_is_restarted_from_look_to_look_loops()
    {
        var watch = new RestartWatch(TimeProvider.System);
        Assert.False(watch.See("a", 7, false));
        Assert.True(watch.IsSettled);
        Assert.False(watch.See("a", 8, false));
        Assert.False(watch.IsSettled);
        Assert.False(watch.See("a", 9, false));
        Assert.True(watch.See("a", 10, false));
        Assert.False(watch.See("b", 20, false));
        Assert.True(watch.See("b", 20, true));
    }

    [Theory]
    [InlineData(90, true)]
    [InlineData(240, false)]
    public void One_that_crashes_slowly_loops_as_well(int everySeconds, bool isLooping)
    {
        var clock = new Clock();
        var watch = new RestartWatch(clock);
        var seen = false;
        for (var second = 0; second < 3600; second += 30)
        {
            seen |= watch.See("a", 7 + second / everySeconds, false);
            clock.Now += 30;
        }

        Assert.Equal(isLooping, seen);
    }

    [Fact]
    public void Packages_cut_off_while_unpacked_are_found_with_their_newest_archive()
    {
        Assert.Equal(("b", "amd64"), Assert.Single(PackageRepair.HalfInstalled("ii |a|amd64\niHR|b|amd64\niF |c|all\n")));
        File.WriteAllText(Path.Combine(folder, "b_1_amd64.deb"), "");
        File.WriteAllText(Path.Combine(folder, "b_2_amd64.deb"), "");
        File.WriteAllText(Path.Combine(folder, "b_3_armhf.deb"), "");
        File.WriteAllText(Path.Combine(folder, "bb_4_amd64.deb"), "");
        File.SetLastWriteTimeUtc(Path.Combine(folder, "b_1_amd64.deb"), DateTime.UtcNow.AddHours(1));
        Assert.Equal("b_1_amd64.deb", Path.GetFileName(PackageRepair.Archive(["/no/such", folder], "b", "amd64")));
        Assert.Null(PackageRepair.Archive([folder], "c", "amd64"));
    }

    [Theory]
    [InlineData("syslog.1", true)]
    [InlineData("syslog.2.gz", true)]
    [InlineData("dpkg.log-20260101", true)]
    [InlineData("Xorg.0.log.old", true)]
    [InlineData("syslog", false)]
    [InlineData("dpkg.log", false)]
    [InlineData("wtmp", false)]
    public void Only_logs_that_were_put_away_are_removed(string name, bool isRotated) => Assert.Equal(isRotated, FailsafeActor.IsRotated(name));

    [Fact]
    public void Room_on_the_disk_is_what_the_system_says()
    {
        var drive = new DriveInfo(folder);
        var space = DiskSpace.Of(folder)!;
        Assert.Equal(drive.TotalSize, space.TotalBytes);
        Assert.InRange(space.FreeBytes, drive.AvailableFreeSpace - (64 << 20), drive.AvailableFreeSpace + (64 << 20));
        Assert.Null(DiskSpace.Of("/no/such/folder"));
        Assert.True(new DiskSpace(1L << 34, 500L << 20, 0, 0).IsLow);
        Assert.False(new DiskSpace(1L << 34, 600L << 20, 0, 0).IsLow);
        Assert.True(new DiskSpace(1L << 34, 1L << 33, 1000, 19).IsLow);
    }

    public void Dispose() => Directory.Delete(folder, true);
}
