using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;
using Gateway.Core.Reports;

namespace Gateway.Core.Processes;

/// <summary>Gives back memory that this process holds but does not use.</summary>
public static partial class OwnMemory
{
    private const int DontNeed = 4;

    /// <summary>
    /// Compacts the managed heap and gives the rest back, likewise of the C library's heap; and lets go of pages of native
    /// libraries' code and constants, which were needed once, to start. What is needed again comes from the page cache.
    /// Takes some tens of milliseconds: for the moment after work, not in the middle of it.
    /// </summary>
    public static Result<Nothing> Release()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _ = TrimHeap(0);
        try
        {
            foreach (var (start, length) in NativeCode())
            {
                _ = Advise(start, length, DontNeed);
            }

            return default(Nothing);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Observe, "/proc/self/smaps", e.Message);
        }
    }

    /// <summary>
    /// Mappings of shared libraries that may not be written to and hold no page that was: letting go of those loses nothing.
    /// Only of shared libraries, which nothing but the dynamic linker ever makes writable for a while.
    /// </summary>
    private static List<(nint Start, nuint Length)> NativeCode()
    {
        var found = new List<(nint, nuint)>();
        (nint Start, nuint Length)? candidate = null;
        foreach (var line in File.ReadLines("/proc/self/smaps"))
        {
            if (line.Length > 0 && line[0] is (>= '0' and <= '9') or (>= 'a' and <= 'f') && line.Contains('-', StringComparison.Ordinal))
            {
                candidate = Mapping(line);
            }
            else if (candidate is { } clean && line.StartsWith("Anonymous:", StringComparison.Ordinal))
            {
                if (line.AsSpan(10).Trim().StartsWith("0 "))
                {
                    found.Add(clean);
                }

                candidate = null;
            }
        }

        return found;
    }

    /// <summary>Of a head line as proc(5) has it: <c>7f00-7f10 r-xp 00000000 08:01 42  /lib/libc.so.6</c>.</summary>
    private static (nint Start, nuint Length)? Mapping(string line)
    {
        var name = line[(line.LastIndexOf('/') + 1)..];
        var dash = line.IndexOf('-', StringComparison.Ordinal);
        var space = line.IndexOf(' ', StringComparison.Ordinal);
        var library = line.Contains(" /", StringComparison.Ordinal) && (name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal));
        if (!library || space < dash || line.Length < space + 5 || line[(space + 1)..(space + 5)] is not ("r-xp" or "r--p"))
        {
            return null;
        }

        var start = ulong.Parse(line.AsSpan(0, dash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var end = ulong.Parse(line.AsSpan(dash + 1, space - dash - 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return ((nint)start, (nuint)(end - start));
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint start, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int TrimHeap(nuint keep);
}
