using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;

namespace Gateway.HostController.Modules;

/// <summary>Calls on files that the runtime does not offer (statx(2) has the same layout on every architecture).</summary>
internal static unsafe partial class NativeCalls
{
    private const int CurrentFolder = -100;
    private const int NoFollow = 0x100;
    private const uint BasicStats = 0x7FF;
    private const int NoSuchFile = 2;
    private const int NotFolder = 20;
    private const int PermissionDenied = 13;
    private const int NameTooLong = 36;
    private const int PathMax = 4096;
    private const int WriteOnly = 1;
    private const int Execute = 1;
    private const int Create = 0x40;
    private const int CloseOnExec = 0x80000;
    private const uint NewFile = 0x1B6;

    /// <summary>What stands at a path; null when nothing does.</summary>
    public static StatBuffer? Stat(string path, bool follow)
    {
        if (StatX(CurrentFolder, path, follow ? 0 : NoFollow, BasicStats, out var buffer) == 0)
        {
            return buffer;
        }

        var error = Marshal.GetLastPInvokeError();
        // ELOOP, EACCES and the like: nothing that could be worked on stands there.
        return error is NoSuchFile or NotFolder or PermissionDenied or NameTooLong or 40 ? null : throw Error(error, path);
    }

    public static void ChangeOwner(string path, int? uid, int? gid, bool follow) =>
        Check((follow ? Chown(path, uid ?? -1, gid ?? -1) : LChown(path, uid ?? -1, gid ?? -1)), path);

    public static void Rename(string from, string to) => Check(RenameFile(from, to), to);

    public static void HardLink(string target, string path) => Check(Link(target, path), target, path);

    public static void SymbolicLink(string target, string path) => Check(LinkSymbolic(target, path), target, path);

    /// <summary>Makes an empty file where there is none.</summary>
    public static void Touch(string path)
    {
        var file = Open(path, WriteOnly | Create | CloseOnExec, NewFile);
        Check(file, path);
        _ = Close(file);
    }

    /// <summary>Whether a program may be run (access(2)).</summary>
    public static bool MayRun(string path) => Access(path, Execute) == 0;

    /// <summary>The number of the error that hides what stands at a path (errno(3)); null when nothing does, or something.</summary>
    public static int? Hidden(string path, bool follow) =>
        StatX(CurrentFolder, path, follow ? 0 : NoFollow, BasicStats, out _) != 0 && Marshal.GetLastPInvokeError() is var error and not NoSuchFile ? error : null;

    public static void MakeFolder(string path, bool ownerOnly = false) => Check(MakeDirectory(path, ownerOnly ? 0x1C0u : 0x1FF), path);

    /// <summary>The path with links followed; null when it leads nowhere.</summary>
    public static string? RealPath(string path)
    {
        Span<byte> buffer = stackalloc byte[PathMax + 1];
        fixed (byte* start = buffer)
        {
            return Resolve(path, start) == 0 ? null : Encoding.UTF8.GetString(buffer[..Math.Max(buffer.IndexOf((byte)0), 0)]);
        }
    }

    private static void Check(int result, string path)
    {
        if (result < 0)
        {
            throw Error(Marshal.GetLastPInvokeError(), path);
        }
    }

    private static void Check(int result, string from, string to)
    {
        if (result < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            throw new IOException($"[Errno {error}] {new Win32Exception(error).Message}: b'{from}' -> b'{to}'");
        }
    }

    private static IOException Error(int error, string path) => new($"[Errno {error}] {new Win32Exception(error).Message}: b'{path}'");

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int StatX(int folder, string path, int flags, uint mask, out StatBuffer buffer);

    [LibraryImport("libc", EntryPoint = "chown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Chown(string path, int uid, int gid);

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int LChown(string path, int uid, int gid);

    [LibraryImport("libc", EntryPoint = "rename", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int RenameFile(string from, string to);

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Link(string target, string path);

    [LibraryImport("libc", EntryPoint = "symlink", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int LinkSymbolic(string target, string path);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Open(string path, int flags, uint mode);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "access", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Access(string path, int how);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int MakeDirectory(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "realpath", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial nint Resolve(string path, byte* resolved);
}

/// <summary>struct statx of linux/stat.h.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
internal struct StatBuffer
{
    [FieldOffset(4)]
    public uint BlockSize;
    [FieldOffset(16)]
    public uint Links;
    [FieldOffset(20)]
    public uint Uid;
    [FieldOffset(24)]
    public uint Gid;
    [FieldOffset(28)]
    public ushort Mode;
    [FieldOffset(32)]
    public ulong Inode;
    [FieldOffset(40)]
    public ulong Size;
    [FieldOffset(48)]
    public ulong Blocks;
    [FieldOffset(64)]
    public long AccessedSeconds;
    [FieldOffset(72)]
    public uint AccessedNanoseconds;
    [FieldOffset(96)]
    public long ChangedSeconds;
    [FieldOffset(104)]
    public uint ChangedNanoseconds;
    [FieldOffset(112)]
    public long ModifiedSeconds;
    [FieldOffset(120)]
    public uint ModifiedNanoseconds;
    [FieldOffset(128)]
    public uint SpecialMajor;
    [FieldOffset(132)]
    public uint SpecialMinor;
    [FieldOffset(136)]
    public uint DeviceMajor;
    [FieldOffset(140)]
    public uint DeviceMinor;
}
