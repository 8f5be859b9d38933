using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
using Gateway.Core.Reports;

namespace Gateway.Core.Bundles;

/// <summary>Makes a bundle of a folder: the same files give the same bytes, whoever packs them and when.</summary>
public static class BundleWriter
{
    private const UnixFileMode ReadOnlyFile = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Execute = UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The archive's bytes, or everything in the folder that may not be in a bundle.</summary>
    /// <param name="folder">With <c>playbook.yml</c> at its root. Names that begin with a dot stay out.</param>
    /// <param name="isCompressed">Whether gzip is used.</param>
    /// <param name="limits">As the gateway's.</param>
    public static Result<byte[]> Write(string folder, bool isCompressed, BundleLimits limits)
    {
        var failures = new List<Failure>();
        var files = Files(folder, limits, failures);
        if (failures.Count > 0)
        {
            return failures.ToImmutableArray();
        }

        using var buffer = new MemoryStream();
        using (var stream = isCompressed ? (Stream)new GZipStream(buffer, CompressionLevel.SmallestSize, leaveOpen: true) : buffer)
        using (var writer = new TarWriter(stream, TarEntryFormat.Ustar, leaveOpen: !isCompressed))
        {
            foreach (var (name, path) in files)
            {
                using var content = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
                writer.WriteEntry(Entry(name, File.GetUnixFileMode(path), content));
            }
        }

        return buffer.ToArray();
    }

    private static UstarTarEntry Entry(string name, UnixFileMode mode, Stream content) => new(TarEntryType.RegularFile, name)
    {
        Mode = mode.HasFlag(UnixFileMode.UserExecute) ? ReadOnlyFile | Execute : ReadOnlyFile,
        ModificationTime = DateTimeOffset.UnixEpoch,
        Uid = 0,
        Gid = 0,
        UserName = "",
        GroupName = "",
        DataStream = content,
    };

    private static List<(string Name, string Path)> Files(string folder, BundleLimits limits, List<Failure> failures)
    {
        var files = new List<(string Name, string Path)>();
        Walk(folder, "", limits, files, failures);
        files.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        if (!files.Exists(file => file.Name == BundleArchive.PlaybookName))
        {
            failures.Add(new Failure(Phase.Parse, folder, $"holds no {BundleArchive.PlaybookName}"));
        }

        var bytes = files.Sum(file => new FileInfo(file.Path).Length);
        if (bytes > Math.Min(limits.Bytes, int.MaxValue - 1024) || files.Count > limits.Entries)
        {
            failures.Add(new Failure(Phase.Parse, folder, $"holds {files.Count} files of {bytes} bytes; a bundle holds at most {limits.Entries} of {limits.Bytes}"));
        }

        return files;
    }

    private static void Walk(string folder, string prefix, BundleLimits limits, List<(string Name, string Path)> files, List<Failure> failures)
    {
        foreach (var info in new DirectoryInfo(folder).EnumerateFileSystemInfos().Where(info => !info.Name.StartsWith('.')))
        {
            var name = prefix + info.Name;
            if (info.LinkTarget is not null || (info is FileInfo && info.Attributes.HasFlag(FileAttributes.Device)))
            {
                failures.Add(new Failure(Phase.Parse, info.FullName, "is a link or a device: a bundle holds plain files and folders only"));
            }
            else if (EntryName.Problem(name, limits.Depth) is { } problem)
            {
                failures.Add(new Failure(Phase.Parse, info.FullName, $"has {problem}"));
            }
            else if (info is DirectoryInfo)
            {
                Walk(info.FullName, name + "/", limits, files, failures);
            }
            else
            {
                files.Add((name, info.FullName));
            }
        }
    }
}
