using Gateway.Core.Engine;
using Gateway.HostController.Supervisor;

namespace Gateway.UnitTests.HostController.Supervisor;

public sealed class SupervisorWorkTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("work-").FullName;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_failsafe_does_while_an_image_is_fetched_is_not_written_over(bool isDone)
    {
        var store = new SupervisorStore(folder);
        var before = SupervisorRecord.Empty with { Current = FakeSupervisorHost.Release("old"), Previous = FakeSupervisorHost.Release("older") };
        var after = before with { Current = before.Previous, Previous = null, Failed = [new FailedRelease("old", "old", default, "sick", true)] };
        var lockFile = Path.Combine(folder, "lock");
        var turn = new SupervisorTurn(lockFile, TimeSpan.FromSeconds(5), TimeProvider.System);
        var phases = new List<UpdatePhase>();
        async Task<UpdateEvent?> Perform(SupervisorRecord record)
        {
            phases.Add(record.Phase);
            if (record.Phase == UpdatePhase.Fetch && isDone)
            {
                using var other = new SupervisorTurn(lockFile, TimeSpan.Zero, TimeProvider.System);
                Assert.True((await other.TakeAsync(default)).IsSuccess, "others are kept out while an image is fetched");
                Assert.True(store.Save(after).IsSuccess);
            }

            return record.Phase == UpdatePhase.Archive ? null : new UpdateEvent.Worked("id-new");
        }

        using var work = new SupervisorWork(new DockerClient("/nonexistent.sock"), null!, store, turn, Perform, new WorkTools(TimeProvider.System, Serilog.Core.Logger.None, "sup"));
        Assert.True((await work.DriveAsync(before, FakeSupervisorHost.Begin("new"))).IsSuccess);

        Assert.Equal(isDone ? [UpdatePhase.Fetch] : [UpdatePhase.Fetch, UpdatePhase.Archive], phases);
        var kept = store.Load().Value;
        Assert.Equal(isDone ? "older" : "old", kept.Current!.Hash);
        Assert.Equal(isDone, kept.FailureOf("old") is not null);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);
}
