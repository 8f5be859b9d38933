using Gateway.HostController.Supervisor;

namespace Gateway.UnitTests.HostController.Supervisor;

public sealed class SupervisorStoreTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("supervisor-").FullName;

    private string Record => Path.Combine(folder, "record.json");

    [Fact]
    public void What_was_saved_is_read_again()
    {
        var record = SupervisorRecord.Empty with
        {
            Current = FakeSupervisorHost.Release("a"),
            Phase = UpdatePhase.Probation,
            Steps = [UpdatePhase.Fetch, UpdatePhase.Archive],
            Attempts = 2,
        };
        Assert.True(new SupervisorStore(folder).Save(record).IsSuccess);
        var read = new SupervisorStore(folder).Load().Value;
        Assert.True(record.Steps.SequenceEqual(read.Steps));
        Assert.Equal((record.Current, record.Phase, record.Attempts), (read.Current, read.Phase, read.Attempts));
    }

    [Theory]
    [InlineData("""{"schema":2,"phase":"Idle"}""", "schema is 2")]
    [InlineData("""{"schema":1,"phase":"Teleport"}""", "not written by this version")]
    [InlineData("""{"phase":"Idle"}""", "no schema")]
    [InlineData("[]", "no schema")]
    public void A_record_of_another_version_stops_everything_and_is_left_alone(string content, string told)
    {
        File.WriteAllText(Record, content);
        var loaded = new SupervisorStore(folder).Load();
        Assert.False(loaded.IsSuccess);
        Assert.Contains(told, loaded.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(content, File.ReadAllText(Record));
    }

    [Fact]
    public void What_a_newer_version_added_is_passed_over()
    {
        File.WriteAllText(Record, """{"schema":1,"phase":"Idle","novelty":{"x":1}}""");
        var read = new SupervisorStore(folder).Load().Value;
        Assert.Empty(read.Failed);
        Assert.Empty(read.Steps);
    }

    [Fact]
    public void A_torn_record_is_put_aside()
    {
        File.WriteAllText(Record, """{"schema":1,"pha""");
        Assert.Null(new SupervisorStore(folder).Load().Value.Current);
        Assert.True(File.Exists(Record + ".damaged"));
    }

    public void Dispose() => Directory.Delete(folder, true);
}
