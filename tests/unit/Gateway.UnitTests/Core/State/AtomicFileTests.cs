using System.Text;
using Gateway.Core.Processes;
using Gateway.Core.Reports;
using Gateway.Core.State;

namespace Gateway.UnitTests.Core.State;

public sealed class AtomicFileTests : IDisposable
{
    private const UnixFileMode All = (UnixFileMode)0x1FF;

    private readonly PrivateFolder folder = PrivateFolder.Create();

    public void Dispose() => folder.Dispose();

    private string At(string name) => Path.Combine(folder.FullPath, name);

    [Fact]
    public void The_content_is_replaced_and_nothing_else_left()
    {
        AtomicFile.Write(At("a"), "one"u8, AtomicFile.OwnerOnly);
        var result = AtomicFile.Write(At("a"), "two"u8, AtomicFile.OwnerOnly);

        Assert.True(result.IsSuccess);
        Assert.Equal("two", File.ReadAllText(At("a")));
        Assert.Equal([At("a")], Directory.GetFileSystemEntries(folder.FullPath));
    }

    [Theory]
    [InlineData(0x1A4)]
    [InlineData(0x180)]
    [InlineData(0x1B6)]
    [InlineData(0x1FF)]
    [InlineData(0x9ED)]
    public void The_mode_is_exact_whatever_the_umask(int mode)
    {
        AtomicFile.Write(At("a"), "x"u8, (UnixFileMode)mode);

        Assert.Equal((UnixFileMode)mode, File.GetUnixFileMode(At("a")));
    }

    [Fact]
    public async Task The_owner_is_set()
    {
        if (Environment.UserName != "root")
        {
            return;
        }

        AtomicFile.Write(At("a"), "x"u8, UnixFileMode.UserRead | UnixFileMode.SetUser, new FileOwner(12345, 23456));

        var status = await ProcessRunner.RunAsync(new ProcessRequest("stat", ["-c", "%u %g", At("a")]), CancellationToken.None);
        Assert.Equal("12345 23456\n", status.StandardOutput);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.SetUser, File.GetUnixFileMode(At("a")));
    }

    [Fact]
    public void A_link_at_the_target_is_replaced_and_not_followed()
    {
        File.WriteAllText(At("victim"), "untouched");
        File.CreateSymbolicLink(At("a"), At("victim"));

        AtomicFile.Write(At("a"), "new"u8, AtomicFile.OwnerOnly);

        Assert.Equal("untouched", File.ReadAllText(At("victim")));
        Assert.Null(new FileInfo(At("a")).LinkTarget);
        Assert.Equal("new", File.ReadAllText(At("a")));
    }

    [Fact]
    public void A_failure_leaves_the_old_content_and_no_temporary_file()
    {
        Directory.CreateDirectory(At("a/b"));
        File.WriteAllText(At("a/b/c"), "old");

        var result = AtomicFile.Write(At("a/b"), "x"u8, All);

        Assert.False(result.IsSuccess);
        Assert.Equal(Phase.Apply, result.Failure.Phase);
        Assert.Equal([At("a/b")], Directory.GetFileSystemEntries(At("a")));
    }

    [Fact]
    public void A_missing_folder_is_a_failure_that_names_the_file()
    {
        var result = AtomicFile.Write(At("no/such/file"), "x"u8, All);

        Assert.StartsWith(At("no/such/file") + ": could not be written: ", result.Failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_name_as_long_as_names_can_be_is_written()
    {
        var name = new string('n', 255);

        Assert.True(AtomicFile.Write(At(name), "x"u8, All).IsSuccess);
    }

    [Fact]
    public void Writing_the_same_again_writes_nothing()
    {
        Assert.True(AtomicFile.WriteIfChanged(At("a"), "x"u8, AtomicFile.OwnerOnly).Value);
        var before = File.GetLastWriteTimeUtc(At("a"));

        Assert.False(AtomicFile.WriteIfChanged(At("a"), "x"u8, AtomicFile.OwnerOnly).Value);
        Assert.Equal(before, File.GetLastWriteTimeUtc(At("a")));
        Assert.True(AtomicFile.WriteIfChanged(At("a"), "y"u8, AtomicFile.OwnerOnly).Value);
        Assert.True(AtomicFile.WriteIfChanged(At("a"), "y"u8, AtomicFile.WorldReadable).Value);
    }

    [Fact]
    public void Reading_tells_absent_from_unreadable_and_too_large()
    {
        File.WriteAllText(At("a"), "12345");

        Assert.Null(AtomicFile.ReadIfThere(At("none"), 10).Value);
        Assert.Null(AtomicFile.ReadIfThere(At("no/where"), 10).Value);
        Assert.Equal("12345", Encoding.ASCII.GetString(AtomicFile.ReadIfThere(At("a"), 5).Value!));
        Assert.Contains("larger than 4 bytes", AtomicFile.ReadIfThere(At("a"), 4).Failure.Message, StringComparison.Ordinal);
        Assert.False(AtomicFile.ReadIfThere(folder.FullPath, 10).IsSuccess);
        Assert.False(AtomicFile.ReadIfThere("/dev/zero", 10).IsSuccess);
    }
}
