using Gateway.Core.Releases;
using Gateway.Core.State;

namespace Gateway.UnitTests.Core.Releases;

public sealed class ReleaseMarkStoreTests : IDisposable
{
    private readonly PrivateFolder folder = PrivateFolder.Create();
    private readonly ReleaseMarkStore store;

    public ReleaseMarkStoreTests() => store = new ReleaseMarkStore(State);

    public void Dispose() => folder.Dispose();

    private string State => Path.Combine(folder.FullPath, "state");

    private string First => Path.Combine(State, "release-marks.json");

    private string Second => Path.Combine(State, "release-marks.copy.json");

    private static ReleaseMarks Marks(long serial) =>
        new(ReleaseMarks.None.Streams.Add("playbook", new ReleaseMark(serial, new string('a', 64), new string('A', 40))).Add("desired:group:x", new ReleaseMark(1, new string('b', 64), null)),
            new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));

    [Fact]
    public void A_new_device_has_no_marks_and_nothing_to_warn_about()
    {
        var loaded = store.Load();

        Assert.Equal(ReleaseMarks.None, loaded.Marks);
        Assert.Empty(loaded.Warnings);
    }

    [Fact]
    public void What_is_saved_is_loaded_from_files_only_we_can_read()
    {
        Assert.True(store.Save(Marks(7)).IsSuccess);

        Assert.Equal(Marks(7), new ReleaseMarkStore(State).Load().Marks);
        Assert.Equal(AtomicFile.OwnerOnly, File.GetUnixFileMode(First));
        Assert.Equal(AtomicFile.OwnerOnly, File.GetUnixFileMode(Second));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("\0\0\0\0")]
    [InlineData("""{"schema":1,"revision":9,"newestSigned":null}""")]
    [InlineData("""{"schema":2,"revision":9,"newestSigned":null,"streams":{}}""")]
    [InlineData("""{"schema":1,"revision":9,"newestSigned":null,"streams":{"playbook":null}}""")]
    [InlineData("""{"schema":1,"revision":9,"newestSigned":null,"streams":{"playbook":{"serial":1}}}""")]
    [InlineData("""{"schema":1,"revision":9,"newestSigned":null,"streams":{"playbook":{"serial":1,"sha256":null,"signer":null}}}""")]
    public void A_torn_copy_in_either_place_costs_nothing(string torn)
    {
        foreach (var copy in new[] { First, Second })
        {
            store.Save(Marks(7));
            File.WriteAllText(copy, torn);

            var loaded = store.Load();

            Assert.Equal(Marks(7), loaded.Marks);
            Assert.StartsWith(copy, Assert.Single(loaded.Warnings), StringComparison.Ordinal);
            Assert.True(store.Save(loaded.Marks).IsSuccess);
            Assert.Empty(store.Load().Warnings);
        }
    }

    [Fact]
    public void What_a_newer_version_has_added_does_not_void_the_marks()
    {
        store.Save(Marks(7));
        foreach (var copy in new[] { First, Second })
        {
            File.WriteAllText(copy, File.ReadAllText(copy).Replace("\"schema\": 1,", "\"schema\": 1, \"added\": {\"later\": []},", StringComparison.Ordinal));
            Assert.Contains("added", File.ReadAllText(copy), StringComparison.Ordinal);
        }

        Assert.Equal(Marks(7), store.Load().Marks);
        Assert.Empty(store.Load().Warnings);
    }

    [Fact]
    public void A_missing_copy_is_written_again_on_the_next_save()
    {
        store.Save(Marks(7));
        File.Delete(First);

        Assert.Equal(Marks(7), store.Load().Marks);
        store.Save(Marks(7));
        Assert.True(File.Exists(First));
    }

    [Fact]
    public void The_newer_of_two_copies_wins_wherever_it_stands()
    {
        foreach (var (stale, kept) in new[] { (First, Second), (Second, First) })
        {
            store.Save(Marks(7));
            var old = File.ReadAllBytes(kept);
            store.Save(Marks(8));
            File.WriteAllBytes(stale, old);

            Assert.Equal(Marks(8), store.Load().Marks);
        }
    }

    [Fact]
    public void Both_copies_lost_is_said_loudly_and_goes_on()
    {
        store.Save(Marks(7));
        File.WriteAllText(First, "");
        File.WriteAllText(Second, "");

        var loaded = store.Load();

        Assert.Equal(ReleaseMarks.None, loaded.Marks);
        Assert.Contains(loaded.Warnings, warning => warning.StartsWith("RELEASE MARKS LOST", StringComparison.Ordinal));
        Assert.True(store.Save(Marks(9)).IsSuccess);
        Assert.Equal(Marks(9), store.Load().Marks);
    }

    [Fact]
    public void Saving_the_same_again_writes_nothing()
    {
        store.Save(Marks(7));
        var before = File.ReadAllBytes(First);

        store.Save(Marks(7));

        Assert.Equal(before, File.ReadAllBytes(First));
    }

    [Fact]
    public void Marks_that_another_process_has_moved_meanwhile_are_not_lowered()
    {
        store.Save(Marks(7));
        var other = new ReleaseMarkStore(State);
        other.Load();
        store.Save(Marks(8));

        Assert.False(other.Save(Marks(7)).IsSuccess);
        Assert.Equal(Marks(8), store.Load().Marks);
        other.Load();
        Assert.True(other.Save(Marks(9)).IsSuccess);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_a_failure()
    {
        File.WriteAllText(State, "a file");

        Assert.Equal(Gateway.Core.Reports.Phase.Apply, store.Save(Marks(7)).Failure.Phase);
    }
}
