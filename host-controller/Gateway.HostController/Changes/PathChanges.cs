using Gateway.HostController.Modules;
using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Changes;

/// <summary>Changes of names, links, owners, modes and times.</summary>
internal sealed class PathChanges(HostPaths paths)
{
    public ChangeOutcome Make(Change change)
    {
        switch (change)
        {
            case CreateFile create:
                NativeCalls.Touch(At(create.Path));
                break;
            case CreateTemporary temporary:
                return new ChangeOutcome { Note = paths.Inside(Temporary(temporary)) };
            case CreateDirectory create:
                NativeCalls.MakeFolder(At(create.Path));
                break;
            case CopyFolder copy:
                MakeHome(At(copy.Source), At(copy.Path), copy);
                break;
            case CreateLink link:
                Replace(At(link.Path), temporary => NativeCalls.SymbolicLink(link.Target, temporary));
                break;
            case CreateHardLink link:
                Replace(At(link.Path), temporary => NativeCalls.HardLink(At(link.Target), temporary));
                break;
            case RemovePath remove:
                Remove(At(remove.Path));
                break;
            case SetMode mode:
                File.SetUnixFileMode(At(mode.Path), (UnixFileMode)mode.Mode);
                break;
            case SetOwner owner:
                NativeCalls.ChangeOwner(At(owner.Path), owner.Uid, owner.Gid, owner.Follow);
                break;
            case SetAttributes attributes:
                SetAttributes(attributes);
                break;
            case SetTimes times:
                SetTimes(At(times.Path), times);
                break;
            default:
                throw new InvalidOperationException($"no way to make {change.GetType().Name}");
        }

        return ChangeOutcome.Done;
    }

    private string Temporary(CreateTemporary wanted)
    {
        var folder = At(wanted.Folder ?? Path.GetTempPath());
        var path = Path.Combine(folder, $"{wanted.Prefix}{System.Security.Cryptography.RandomNumberGenerator.GetHexString(8, lowercase: true)}{wanted.Suffix}");
        if (!Directory.Exists(folder))
        {
            throw new IOException(File.Exists(folder) ? $"[Errno 20] Not a directory: '{path}'" : $"[Errno 2] No such file or directory: '{path}'");
        }

        if (wanted.IsDirectory)
        {
            NativeCalls.MakeFolder(path, ownerOnly: true);
        }
        else
        {
            new FileStream(path, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite }).Dispose();
        }

        return path;
    }

    private void SetAttributes(SetAttributes attributes)
    {
        var reader = new HostReader(new Run.HostAccess("/", ""), TimeProvider.System);
        foreach (var path in attributes.Paths.Select(At))
        {
            if (reader.Stat(path, follow: false) is not { } state)
            {
                continue;
            }

            NativeCalls.ChangeOwner(path, attributes.Wanted.Uid, attributes.Wanted.Gid, follow: false);
            if (state.Kind != FileKind.Link && attributes.Wanted.ModeOn(state) is { } mode)
            {
                File.SetUnixFileMode(path, (UnixFileMode)mode);
            }
        }
    }

    /// <summary>Whole or not at all: a home that is there is never looked into again.</summary>
    private static void MakeHome(string source, string path, CopyFolder copy)
    {
        if (Directory.Exists(path))
        {
            CopyFolder(source, path, copy);
            return;
        }

        var draft = FileWriter.Beside(path);
        CopyFolder(source, draft, copy);
        Core.State.Disk.Flush(draft);
        NativeCalls.Rename(draft, path);
    }

    /// <summary>A home is its owner's alone, as useradd makes it.</summary>
    private static void CopyFolder(string source, string path, CopyFolder copy)
    {
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        foreach (var entry in Directory.Exists(source) ? new DirectoryInfo(source).GetFileSystemInfos() : [])
        {
            var target = Path.Combine(path, entry.Name);
            if (entry.LinkTarget is { } link)
            {
                File.CreateSymbolicLink(target, link);
            }
            else if (entry is DirectoryInfo)
            {
                CopyFolder(entry.FullName, target, copy);
                continue;
            }
            else
            {
                File.Copy(entry.FullName, target, overwrite: true);
            }

            NativeCalls.ChangeOwner(target, copy.Uid, copy.Gid, follow: false);
        }

        NativeCalls.ChangeOwner(path, copy.Uid, copy.Gid, follow: false);
    }

    private static void SetTimes(string path, SetTimes times)
    {
        if (times.Accessed is { } accessed)
        {
            File.SetLastAccessTimeUtc(path, accessed.UtcDateTime);
        }

        if (times.Modified is { } modified)
        {
            File.SetLastWriteTimeUtc(path, modified.UtcDateTime);
        }
    }

    private static void Replace(string path, Action<string> make)
    {
        if (NativeCalls.Stat(path, follow: false) is null)
        {
            make(path);
            return;
        }

        var temporary = $"{path}.{Path.GetRandomFileName()}";
        make(temporary);
        try
        {
            NativeCalls.Rename(temporary, path);
        }
        finally
        {
            // Renaming one hard link onto another of the same file leaves both.
            File.Delete(temporary);
        }
    }

    private static void Remove(string path)
    {
        if (NativeCalls.Stat(path, follow: false) is { } stat && (stat.Mode & 0xF000) == 0x4000)
        {
            Directory.Delete(path, recursive: true);
        }
        else
        {
            File.Delete(path);
        }
    }

    private string At(string path) => path.StartsWith('/') ? paths.On(path) : Path.GetFullPath(path);
}
