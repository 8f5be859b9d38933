using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Gateway.Core.Bundles;
using Gateway.Core.Reports;
using Gateway.Core.Trust;

namespace Gateway.UnitTests.Core.Bundles;

/// <summary>Archives good and hostile: what is unpacked, and that what is refused leaves nothing.</summary>
public sealed class BundleTests : IDisposable
{
    private static readonly BundleLimits Small = new(1024 * 1024, 50, 4);
    private readonly DirectoryInfo place = Directory.CreateTempSubdirectory("bundle-");

    public void Dispose() => place.Delete(recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_folder_packed_comes_out_the_same(bool isCompressed)
    {
        var from = Source();
        var packed = BundleWriter.Write(from, isCompressed, Small).Value;
        var unpacked = Unpack(packed);
        Assert.True(unpacked.IsSuccess, string.Join('\n', unpacked.Failures));
        Assert.Equal("- hosts: all\n", Encoding.UTF8.GetString(unpacked.Value.Value.Utf8.Span));
        Assert.Equal("deep", File.ReadAllText(Path.Combine(Content, "roles/base/files/a.txt")));
        Assert.True(File.GetUnixFileMode(Path.Combine(Content, "run.sh")).HasFlag(UnixFileMode.UserExecute));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(Content));
    }

    [Fact]
    public void Packing_twice_gives_the_same_bytes_whatever_the_times_and_the_order()
    {
        var from = Source();
        var first = BundleWriter.Write(from, true, Small).Value;
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            File.SetLastWriteTimeUtc(file, DateTime.UnixEpoch.AddDays(1));
        }

        File.WriteAllText(Path.Combine(from, ".hidden"), "not packed");
        Assert.Equal(first, BundleWriter.Write(from, true, Small).Value);
    }

    [Fact]
    public void A_link_in_the_folder_is_not_packed()
    {
        var from = Source();
        File.CreateSymbolicLink(Path.Combine(from, "link"), "/etc/passwd");
        Assert.Contains("is a link or a device", BundleWriter.Write(from, true, Small).Failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("../evil", "plain relative names")]
    [InlineData("a/../../evil", "plain relative names")]
    [InlineData("/evil", "plain relative names")]
    [InlineData("a//b", "plain relative names")]
    [InlineData("a\\b", "plain relative names")]
    [InlineData("a/b/c/d/e", "nested more than 4 deep")]
    [InlineData("playbook.yml", "twice")]
    [InlineData("playbook.yml/x", "which is a file")]
    public void A_hostile_name_is_refused_and_nothing_is_written(string name, string why) => Refused(Tar(writer => writer.WriteEntry(File_(name, "x"))), why);

    [Theory]
    [InlineData(TarEntryType.SymbolicLink)]
    [InlineData(TarEntryType.HardLink)]
    [InlineData(TarEntryType.CharacterDevice)]
    [InlineData(TarEntryType.BlockDevice)]
    [InlineData(TarEntryType.Fifo)]
    public void What_is_no_file_or_folder_is_refused(TarEntryType type) => Refused(
        Tar(writer =>
        {
            var entry = new UstarTarEntry(type, "special");
            if (type is TarEntryType.SymbolicLink or TarEntryType.HardLink)
            {
                entry.LinkName = "/etc/passwd";
            }

            writer.WriteEntry(entry);
        }),
        "only files and folders are allowed");

    [Fact]
    public void A_bomb_is_refused_before_it_fills_the_disk()
    {
        var bomb = Zip(Tar(writer => writer.WriteEntry(File_("zeros", new string('\0', 8 * 1024 * 1024)))));
        Assert.True(bomb.Length < 100_000);
        Refused(bomb, "larger than 1048576 bytes unpacked");
        Refused(Tar(writer =>
        {
            for (var i = 0; i < 60; i++)
            {
                writer.WriteEntry(File_($"f{i}", ""));
            }
        }), "more than 50");
    }

    [Fact]
    public void A_cut_archive_is_refused_wherever_it_is_cut()
    {
        var whole = BundleWriter.Write(Source(), isCompressed: false, Small).Value;
        foreach (var length in new[] { 0, 100, 512, 700, 1024, whole.Length / 2, whole.Length - 1024, whole.Length - 600 })
        {
            Refused(whole[..length], "");
        }

        var zipped = Zip(whole);
        foreach (var length in new[] { 5, zipped.Length / 2, zipped.Length - 20 })
        {
            Refused(zipped[..length], "");
        }

        Refused([.. whole, .. new byte[512].Select(_ => (byte)7)], "end mark");
    }

    [Fact]
    public void Without_a_playbook_it_is_no_bundle()
    {
        var unpacked = Unpack(Raw(writer => writer.WriteEntry(File_("tasks/main.yml", "x"))));
        Assert.Contains("holds no playbook.yml", unpacked.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Random_changes_never_crash_the_reader_or_write_outside()
    {
        var whole = BundleWriter.Write(Source(), isCompressed: false, Small).Value;
        var random = new Random(42);
        for (var round = 0; round < 300; round++)
        {
            var bytes = whole.ToArray();
            for (var change = 0; change < 1 + (round % 8); change++)
            {
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            }

            _ = Unpack(bytes);
            Assert.All(Directory.GetFileSystemEntries(place.FullName), entry => Assert.Contains(Path.GetFileName(entry), (string[])["source", "archive", "content"]));
            Clear();
        }
    }

    private string Content => Path.Combine(place.FullName, "content");

    private string Source()
    {
        var from = Path.Combine(place.FullName, "source");
        Directory.CreateDirectory(Path.Combine(from, "roles/base/files"));
        File.WriteAllText(Path.Combine(from, "playbook.yml"), "- hosts: all\n");
        File.WriteAllText(Path.Combine(from, "roles/base/files/a.txt"), "deep");
        File.WriteAllText(Path.Combine(from, "run.sh"), "#!/bin/sh\n");
        File.SetUnixFileMode(Path.Combine(from, "run.sh"), (UnixFileMode)0x1C0);
        return from;
    }

    private void Refused(byte[] bytes, string why)
    {
        var unpacked = Unpack(bytes);
        Assert.False(unpacked.IsSuccess);
        Assert.Contains(why, unpacked.Failure.Message, StringComparison.Ordinal);
        Assert.Equal(Phase.Parse, unpacked.Failure.Phase);
        Assert.False(Directory.Exists(Content));
        Assert.False(File.Exists(Path.Combine(place.FullName, "evil")));
        Assert.False(File.Exists("/evil"));
    }

    private Result<Verified<Gateway.Core.Yaml.SourceText>> Unpack(byte[] bytes)
    {
        Clear();
        var path = Path.Combine(place.FullName, "archive");
        File.WriteAllBytes(path, bytes);
        return SignatureVerifier.Waive(new BundleArchive("b.tar", path)).Then(archive => BundleUnpacker.Unpack(archive, Content, Small));
    }

    private void Clear()
    {
        if (Directory.Exists(Content))
        {
            Directory.Delete(Content, recursive: true);
        }
    }

    private static byte[] Tar(Action<TarWriter> more) => Raw(writer =>
    {
        writer.WriteEntry(File_("playbook.yml", "- hosts: all\n"));
        more(writer);
    });

    private static byte[] Raw(Action<TarWriter> write)
    {
        var buffer = new MemoryStream();
        using (var writer = new TarWriter(buffer, TarEntryFormat.Ustar, leaveOpen: true))
        {
            write(writer);
        }

        return buffer.ToArray();
    }

    private static byte[] Zip(byte[] bytes)
    {
        var buffer = new MemoryStream();
        using (var stream = new GZipStream(buffer, CompressionLevel.Optimal, leaveOpen: true))
        {
            stream.Write(bytes);
        }

        return buffer.ToArray();
    }

    private static UstarTarEntry File_(string name, string content) => new(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content)) };
}
