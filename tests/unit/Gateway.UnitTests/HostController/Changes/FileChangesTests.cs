using System.Collections.Immutable;
using Gateway.HostController.Changes;
using Gateway.HostController.Run;
using Gateway.Playbooks.Modules;

namespace Gateway.UnitTests.HostController.Changes;

/// <summary>Files that tasks write, with the one executor there is: old or new at any instant, and nothing left beside them.</summary>
public sealed class FileChangesTests : IDisposable
{
    private const int Size = 4 * 1024 * 1024;
    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("changes-");

    public FileChangesTests()
    {
        File.WriteAllText(At("file"), "old");
        File.SetUnixFileMode(At("file"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(At("new"), "new");
    }

    public void Dispose() => root.Delete(recursive: true);

    public static TheoryData<string> Ways { get; } = ["write", "copy", "download"];

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Whoever_reads_meanwhile_sees_the_old_file_or_the_new_one(string way)
    {
        File.WriteAllBytes(At("file"), Filled(1));
        using var over = new CancellationTokenSource();
        var reading = Task.Run(() =>
        {
            var torn = 0;
            while (!over.IsCancellationRequested)
            {
                var seen = File.ReadAllBytes(At("file"));
                torn += seen.Length == Size && seen.AsSpan().IndexOfAnyExcept(seen[0]) < 0 ? 0 : 1;
            }

            return torn;
        });
        for (byte round = 2; round < 12; round++)
        {
            File.WriteAllBytes(At("new"), Filled(round));
            Assert.Null((await DoAsync(way, Filled(round))).Error);
        }

        await over.CancelAsync();
        Assert.Equal(0, await reading);
        Assert.Equal(["file", "new"], Names());
    }

    [Theory]
    [InlineData("write")]
    [InlineData("copy")]
    public async Task What_the_check_does_not_accept_is_not_put_in_place(string way)
    {
        Assert.Equal("failed to validate", (await DoAsync(way, "new"u8.ToArray(), validate: ["grep", "-q", "other", "%s"])).Error);
        Assert.Equal("old", File.ReadAllText(At("file")));
        Assert.Equal(["file", "new"], Names());
        Assert.Null((await DoAsync(way, "new"u8.ToArray(), validate: ["grep", "-q", "new", "%s"])).Error);
        Assert.Equal("new", File.ReadAllText(At("file")));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task The_file_that_is_replaced_is_kept_with_its_mode(string way)
    {
        var outcome = await DoAsync(way, "new"u8.ToArray(), backup: true);
        var kept = At(outcome.BackupFile!.TrimStart('/'));
        Assert.Matches(@"^/file\.\d+\.\d{4}-\d\d-\d\d@\d\d:\d\d:\d\d~$", outcome.BackupFile);
        Assert.Equal(("old", UnixFileMode.UserRead | UnixFileMode.UserWrite), (File.ReadAllText(kept), File.GetUnixFileMode(kept)));
        Assert.Equal("new", File.ReadAllText(At("file")));
    }

    [Fact]
    public async Task A_download_with_another_sum_leaves_the_old_file()
    {
        var download = new Download(new WebRequest($"file://{At("new")}"), "/file") { Algorithm = "sha256", Sum = new string('0', 64) };
        Assert.Contains("did not match", (await Executor().ExecuteAsync(download, CancellationToken.None)).Error, StringComparison.Ordinal);
        Assert.Equal("old", File.ReadAllText(At("file")));
        Assert.Equal(["file", "new"], Names());
    }

    [Fact]
    public async Task A_link_in_the_way_is_replaced_and_not_written_through()
    {
        File.CreateSymbolicLink(At("link"), "file");
        Assert.Null((await Executor().ExecuteAsync(new WriteFile("/link", "new"u8.ToArray()), CancellationToken.None)).Error);
        Assert.Equal(("old", "new", null), (File.ReadAllText(At("file")), File.ReadAllText(At("link")), new FileInfo(At("link")).LinkTarget));
    }

    private async Task<ChangeOutcome> DoAsync(string way, byte[] content, bool backup = false, ImmutableArray<string>? validate = null) => await Executor().ExecuteAsync(
        way switch
        {
            "write" => new WriteFile("/file", content) { Backup = backup, Validate = validate ?? [] },
            "copy" => new CopyFile("/new", "/file") { Backup = backup, Validate = validate ?? [] },
            _ => new Download(new WebRequest($"file://{At("new")}"), "/file") { Backup = backup },
        },
        CancellationToken.None);

    private ChangeExecutor Executor() => new(new HostAccess(root.FullName, "/nonexistent.sock"), TimeProvider.System, _ => { });

    private static byte[] Filled(byte with)
    {
        var content = new byte[Size];
        content.AsSpan().Fill(with);
        return content;
    }

    private IEnumerable<string> Names() => root.GetFileSystemInfos().Select(entry => entry.Name).Order(StringComparer.Ordinal);

    private string At(string name) => Path.Combine(root.FullName, name);
}
