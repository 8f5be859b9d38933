using Gateway.ContainerSupervisor.When;
using Serilog.Core;

namespace Gateway.UnitTests.ContainerSupervisor.When;

public sealed class UpdateLocksTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 10, 0, 0, TimeSpan.Zero);
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gateway-locks-");
    private readonly SettableClock clock = new(Start);

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void A_lock_is_held_until_it_ends_or_is_released()
    {
        var locks = Open();
        Assert.True(locks.Take("metering/db", TimeSpan.FromHours(1), "in production").IsSuccess);
        Assert.True(locks.Take("press", TimeSpan.FromHours(2), null).IsSuccess);
        Assert.Equal<UpdateLock>([new("metering/db", Start.AddHours(1), "in production"), new UpdateLock("press", Start.AddHours(2), null)], locks.Held);
        clock.Pass(TimeSpan.FromHours(1));
        Assert.Equal("press", Assert.Single(locks.Held).Owner);
        Assert.True(locks.Release("press"));
        Assert.False(locks.Release("press"));
        Assert.Empty(locks.Held);
    }

    [Fact]
    public void Taking_it_again_replaces_it_and_can_be_undone()
    {
        var locks = Open();
        Assert.True(locks.Take("press", TimeSpan.FromHours(1), "one").IsSuccess);
        var again = locks.Take("press", TimeSpan.FromHours(3), "two").Value;
        Assert.Equal(new UpdateLock("press", Start.AddHours(3), "two"), Assert.Single(locks.Held));
        locks.PutBack(again);
        Assert.Equal(new UpdateLock("press", Start.AddHours(1), "one"), Assert.Single(locks.Held));
        Assert.Equal(Start.AddHours(1), Assert.Single(Open().Held).Until);
    }

    [Fact]
    public void It_survives_a_restart_and_does_not_outlive_its_end()
    {
        Assert.True(Open().Take("press", TimeSpan.FromHours(1), "x").IsSuccess);
        clock.Pass(TimeSpan.FromMinutes(59));
        Assert.Equal(new UpdateLock("press", Start.AddHours(1), "x"), Assert.Single(Open().Held));
        clock.Pass(TimeSpan.FromMinutes(2));
        Assert.Empty(Open().Held);
    }

    [Fact]
    public void Setting_the_clock_neither_frees_nor_prolongs_it()
    {
        var locks = Open();
        Assert.True(locks.Take("press", TimeSpan.FromHours(1), null).IsSuccess);
        clock.Now = Start.AddYears(1);
        Assert.Equal(clock.Now.AddHours(1), Assert.Single(locks.Held).Until);
        clock.Now = Start.AddYears(-1);
        Assert.Equal(clock.Now.AddHours(1), Assert.Single(locks.Held).Until);
        clock.Pass(TimeSpan.FromHours(1));
        Assert.Empty(locks.Held);
    }

    [Fact]
    public void After_a_restart_with_a_clock_that_was_set_back_no_more_is_left_than_was_asked_for()
    {
        Assert.True(Open().Take("press", TimeSpan.FromHours(1), null).IsSuccess);
        clock.Now = DateTimeOffset.UnixEpoch;
        var locks = Open();
        Assert.Equal(clock.Now.AddHours(1), Assert.Single(locks.Held).Until);
        clock.Pass(TimeSpan.FromMinutes(61));
        Assert.Empty(locks.Held);
    }

    [Fact]
    public void Their_number_is_bounded()
    {
        var locks = Open();
        for (var i = 0; i < UpdateLocks.Most; i++)
        {
            Assert.True(locks.Take($"owner {i}", TimeSpan.FromHours(1), null).IsSuccess);
        }

        Assert.False(locks.Take("one more", TimeSpan.FromHours(1), null).IsSuccess);
        Assert.True(locks.Take("owner 0", TimeSpan.FromHours(2), null).IsSuccess);
        clock.Pass(TimeSpan.FromMinutes(61));
        Assert.True(locks.Take("one more", TimeSpan.FromHours(1), null).IsSuccess);
    }

    [Fact]
    public void A_lock_that_cannot_be_kept_is_not_given()
    {
        var locks = Open();
        folder.Delete(recursive: true);
        Assert.False(locks.Take("press", TimeSpan.FromHours(1), null).IsSuccess);
        Assert.Empty(locks.Held);
        folder.Create();
    }

    [Fact]
    public void A_broken_file_is_said_and_holds_nothing_up()
    {
        File.WriteAllText(Path.Combine(folder.FullName, "locks.json"), "{\"schema\":1,\"locks\":[{}]}");
        var locks = Open();
        Assert.NotNull(locks.Problem);
        Assert.Empty(locks.Held);
        Assert.True(locks.Take("press", TimeSpan.FromHours(1), null).IsSuccess);
        Assert.Null(Open().Problem);
    }

    private UpdateLocks Open() => new(new LockStore(folder.FullName), clock, Logger.None);
}
