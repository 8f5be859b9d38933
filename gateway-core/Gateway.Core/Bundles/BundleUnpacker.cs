using System.Formats.Tar;
using System.IO.Compression;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;

namespace Gateway.Core.Bundles;

/// <summary>
/// Unpacks a verified bundle into a private folder: plain files and folders only, each name once, within bounds. What is
/// refused leaves nothing behind, and nothing is ever written outside the folder.
/// </summary>
public static class BundleUnpacker
{
    private const UnixFileMode Owner = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Permissions = (UnixFileMode)0x1FF;

    /// <summary>Unpacks into a folder that does not exist yet, and gives the playbook in it: its origin is the archive's.</summary>
    /// <param name="archive">The archive.</param>
    /// <param name="folder">Made with mode 0700; gone again when the archive is refused.</param>
    /// <param name="limits">Bounds.</param>
    public static Result<Verified<SourceText>> Unpack(Verified<BundleArchive> archive, string folder, BundleLimits limits)
    {
        string? problem;
        try
        {
            Directory.CreateDirectory(folder, Owner);
            problem = new Run(folder, limits).Unpack(archive.Value.Path);
        }
        catch (Exception wrong) when (wrong is InvalidDataException or EndOfStreamException or FormatException or ArgumentException)
        {
            problem = $"is no whole tar archive: {wrong.Message}";
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException)
        {
            Remove(folder);
            return new Failure(Phase.Configuration, archive.Value.Name, OneLine.Of($"cannot be unpacked: {wrong.Message}"));
        }

        if (problem is not null)
        {
            Remove(folder);
            return new Failure(Phase.Parse, archive.Value.Name, OneLine.Of(problem));
        }

        return Playbook(archive, folder);
    }

    /// <summary>The playbook of a bundle that was unpacked before.</summary>
    public static Result<Verified<SourceText>> Playbook(Verified<BundleArchive> archive, string folder)
    {
        var read = AtomicFile.ReadIfThere(Path.Combine(folder, BundleArchive.PlaybookName), SourceText.LargestDocument);
        if (!read.TryGet(out var content, out var failures))
        {
            return failures[0] with { Phase = Phase.Parse, Subject = archive.Value.Name };
        }

        return content is null
            ? new Failure(Phase.Parse, archive.Value.Name, $"holds no {BundleArchive.PlaybookName} at its root")
            : new Verified<SourceText>(new SourceText($"{archive.Value.Name}/{BundleArchive.PlaybookName}", content), archive.Sha256, archive.Signature);
    }

    private static void Remove(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed class Run(string folder, BundleLimits limits)
    {
        private readonly Dictionary<string, bool> seen = new(StringComparer.Ordinal);
        private readonly HashSet<string> named = new(StringComparer.Ordinal);
        private long bytes;

        /// <summary>What is wrong; null when nothing is.</summary>
        public string? Unpack(string path)
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            if (file.Length > limits.Bytes)
            {
                return $"is larger than {limits.Bytes} bytes";
            }

            var isCompressed = file.ReadByte() == 0x1f && file.ReadByte() == 0x8b;
            file.Position = 0;
            // Headers and padding come on top of what the files hold.
            using var stream = new CountedStream(isCompressed ? new GZipStream(file, CompressionMode.Decompress) : file, limits.Bytes + (limits.Entries * 4096L));
            using var reader = new TarReader(stream, leaveOpen: true);
            while (reader.GetNextEntry(copyData: false) is { } entry)
            {
                if (Take(entry) is { } problem)
                {
                    return problem;
                }
            }

            return stream.EndsAsArchive() ? null : "is no whole tar archive: it ends before its end mark";
        }

        private string? Take(TarEntry entry)
        {
            if (entry.EntryType == TarEntryType.GlobalExtendedAttributes)
            {
                return null;
            }

            var name = EntryName.Plain(entry.Name);
            var isFolder = entry.EntryType == TarEntryType.Directory;
            if (!isFolder && entry.EntryType is not (TarEntryType.RegularFile or TarEntryType.V7RegularFile))
            {
                return $"holds '{entry.Name}', which is a {Kind(entry.EntryType)}: only files and folders are allowed";
            }

            if (name.Length == 0)
            {
                return isFolder ? null : "holds a file without a name";
            }

            if (EntryName.Problem(name, limits.Depth) is { } problem)
            {
                return $"holds '{entry.Name}', {problem}: only plain relative names are allowed";
            }

            return Note(name, isFolder) ?? Write(entry, name, isFolder);
        }

        private string? Note(string name, bool isFolder)
        {
            for (var slash = name.IndexOf('/', StringComparison.Ordinal); slash > 0; slash = name.IndexOf('/', slash + 1))
            {
                if (!seen.TryAdd(name[..slash], true) && !seen[name[..slash]])
                {
                    return $"holds '{name}' under '{name[..slash]}', which is a file";
                }
            }

            // A folder may stand after what is in it, as some programs write archives; but no name stands twice.
            if (!named.Add(name) || (seen.TryGetValue(name, out var known) && known != isFolder))
            {
                return $"holds '{name}' twice";
            }

            seen[name] = isFolder;
            return seen.Count > limits.Entries ? $"holds more than {limits.Entries} files and folders" : null;
        }

        private string? Write(TarEntry entry, string name, bool isFolder)
        {
            var path = Path.Combine(folder, name);
            if (isFolder)
            {
                Directory.CreateDirectory(path, Owner);
                return null;
            }

            bytes += entry.Length;
            if (entry.Length < 0 || bytes > limits.Bytes)
            {
                return $"is larger than {limits.Bytes} bytes unpacked";
            }

            if (new DriveInfo(folder).AvailableFreeSpace is var free && free < entry.Length + (16L * 1024 * 1024))
            {
                throw new IOException($"'{name}' needs {entry.Length} bytes, and {free} are free");
            }

            Directory.CreateDirectory(Path.GetDirectoryName(path)!, Owner);
            var options = new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                UnixCreateMode = (entry.Mode & Permissions) | UnixFileMode.UserRead | UnixFileMode.UserWrite,
            };
            using var file = new FileStream(path, options);
            entry.DataStream?.CopyTo(file);
            return file.Length == entry.Length ? null : $"is no whole tar archive: '{name}' is cut off";
        }

        private static string Kind(TarEntryType type) => type switch
        {
            TarEntryType.SymbolicLink or TarEntryType.HardLink => "link",
            TarEntryType.BlockDevice or TarEntryType.CharacterDevice => "device",
            TarEntryType.Fifo => "pipe",
            _ => "special entry",
        };
    }
}
