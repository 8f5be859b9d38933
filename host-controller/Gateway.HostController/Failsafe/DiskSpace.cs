using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Gateway.HostController.Failsafe;

/// <summary>Room on the file system that holds a folder (statvfs(3)).</summary>
/// <param name="TotalBytes">Its size.</param>
/// <param name="FreeBytes">What root's programs may still write.</param>
/// <param name="TotalInodes">0 where a file system makes them as needed.</param>
/// <param name="FreeInodes">How many more files there can be.</param>
internal sealed partial record DiskSpace(long TotalBytes, long FreeBytes, long TotalInodes, long FreeInodes)
{
    private const long LeastFloor = 32L << 20;
    private const long MostFloor = 512L << 20;

    /// <summary>Below this the failsafe makes room: a twentieth, from 32 MiB to 512 MiB.</summary>
    public long Floor => Math.Clamp(TotalBytes / 20, LeastFloor, MostFloor);

    /// <summary>Whether bytes or inodes run out.</summary>
    public bool IsLow => FreeBytes < Floor || (TotalInodes > 0 && FreeInodes < TotalInodes / 50);

    /// <summary>Of the file system that holds this folder; null where there is none.</summary>
    public static unsafe DiskSpace? Of(string folder)
    {
        Span<byte> answer = stackalloc byte[256];
        fixed (byte* at = answer)
        {
            if (FileSystem(folder, at) != 0)
            {
                return null;
            }
        }

        // Two words (f_bsize, f_frsize), then 64-bit counts on every architecture: blocks, free, available, files, free, available.
        var word = IntPtr.Size;
        var unit = word == 8 ? BinaryPrimitives.ReadInt64LittleEndian(answer[word..]) : BinaryPrimitives.ReadInt32LittleEndian(answer[word..]);
        var counts = answer[(2 * word)..];
        return new DiskSpace(Count(counts, 0) * unit, Count(counts, 2) * unit, Count(counts, 3), Count(counts, 5));
    }

    private static long Count(ReadOnlySpan<byte> counts, int index) => BinaryPrimitives.ReadInt64LittleEndian(counts[(index * 8)..]);

    [LibraryImport("libc", EntryPoint = "statvfs64", StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static unsafe partial int FileSystem(string path, byte* answer);
}
