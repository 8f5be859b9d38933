using System.Runtime.InteropServices;
using Gateway.Playbooks.Modules;

namespace Gateway.HostController.Modules;

/// <summary>How full file systems are.</summary>
internal static unsafe partial class FileSystems
{
    /// <summary>Room on the file system of a path; null when it cannot be told.</summary>
    public static FileSystemSpace? Space(string path)
    {
        VolumeStatus status = default;
        return StatVolume(path, &status) != 0 ? null : new FileSystemSpace(
            (long)status.BlockSize, (long)status.FragmentSize, (long)status.Blocks, (long)status.Available, (long)status.Files, (long)status.FreeFiles);
    }

    [LibraryImport("libc", EntryPoint = "statvfs64", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatVolume(string path, VolumeStatus* status);

    /// <summary>glibc's struct statvfs64: sizes in machine words, counts in 64 bits everywhere.</summary>
    [StructLayout(LayoutKind.Sequential)]
    private struct VolumeStatus
    {
        public nuint BlockSize;
        public nuint FragmentSize;
        public ulong Blocks;
        public ulong Free;
        public ulong Available;
        public ulong Files;
        public ulong FreeForAll;
        public ulong FreeFiles;
        private fixed byte rest[128];
    }
}
