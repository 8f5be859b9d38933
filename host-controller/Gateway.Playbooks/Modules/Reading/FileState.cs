namespace Gateway.Playbooks.Modules;

/// <summary>What a path is.</summary>
public enum FileKind
{
    File,
    Directory,
    Link,
    Other,
}

/// <summary>What stands at a path.</summary>
/// <param name="Kind">What it is; a link is followed only if that was asked for.</param>
/// <param name="Mode">Permission bits (07777).</param>
/// <param name="Uid">Number of the owner.</param>
/// <param name="Gid">Number of the group.</param>
/// <param name="Size">Bytes.</param>
/// <param name="Links">Number of hard links.</param>
/// <param name="Device">Number of the file system.</param>
/// <param name="Inode">Number within the file system.</param>
/// <param name="Accessed">Time of last access.</param>
/// <param name="Modified">Time of last change of the content.</param>
/// <param name="LinkTarget">Where a link points, as written in it; null for the rest.</param>
public sealed record FileState(
    FileKind Kind, int Mode, int Uid, int Gid, long Size = 0, long Links = 1, long Device = 0, long Inode = 0, DateTimeOffset Accessed = default, DateTimeOffset Modified = default, string? LinkTarget = null)
{
    /// <summary>The bits that say what it is (S_IFMT of inode(7)).</summary>
    public int TypeBits { get; init; }

    /// <summary>Time of last change of the content, owner or mode.</summary>
    public DateTimeOffset Changed { get; init; }

    /// <summary>Blocks of 512 bytes.</summary>
    public long Blocks { get; init; }

    public long BlockSize { get; init; }

    /// <summary>Number of the device that it is, in the form of <see cref="Device"/>.</summary>
    public long SpecialDevice { get; init; }
}
