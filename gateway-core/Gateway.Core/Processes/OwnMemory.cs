using System.Globalization;
using System.Runtime;
using System.Runtime.InteropServices;
using Gateway.Core.Reports;

namespace Gateway.Core.Processes;

/// <summary>Gives back memory that this process holds but does not use. Not safe for use from several threads.</summary>
public sealed partial class OwnMemory
{
    private const int DontNeed = 4;

    private HashSet<(nint Start, nuint Length)> seen = [];

    /// <summary>
    /// Compacts the managed heap and gives the rest back, likewise of the C library's heap, and then as
    /// <see cref="ReleasePages"/>. Takes some tens of milliseconds: for the time after work.
    /// </summary>
    public Result<Nothing> Release()
    {
        GCSettings.LargeObjectHeapCompactionMode = GCLargeObjectHeapCompactionMode.CompactOnce;
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _ = TrimHeap(0);
        return ReleasePages();
    }

    /// <summary>
    /// Lets go of pages of code and constants, most of which were needed once, to start: what is needed again comes from
    /// the page cache. That only of files that were mapped, just so, at the last call as well, so the first call lets go
    /// of none: while a file is being loaded its pages may be changed in a moment. Takes few milliseconds; some seconds
    /// should lie between two calls.
    /// </summary>
    public Result<Nothing> ReleasePages()
    {
        try
        {
            var clean = Clean(File.ReadLines("/proc/self/smaps"));
            foreach (var (start, length) in clean.Where(seen.Contains))
            {
                _ = Advise(start, length, DontNeed);
            }

            seen = clean;
            return default(Nothing);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return new Failure(Phase.Observe, "/proc/self/smaps", SystemErrors.Text(e));
        }
    }

    /// <summary>
    /// Mappings (as proc(5) tells them) of libraries and assemblies that may not be written to and hold no page that ever
    /// was: letting go of those loses nothing, they are read from the file again.
    /// </summary>
    internal static HashSet<(nint Start, nuint Length)> Clean(IEnumerable<string> smaps)
    {
        var found = new HashSet<(nint, nuint)>();
        (nint Start, nuint Length)? candidate = null;
        foreach (var line in smaps)
        {
            if (line.Length > 0 && line[0] is (>= '0' and <= '9') or (>= 'a' and <= 'f'))
            {
                candidate = Mapping(line);
            }
            else if (candidate is { } mapping && line.StartsWith("Anonymous:", StringComparison.Ordinal))
            {
                if (line.AsSpan(10).Trim().StartsWith("0 "))
                {
                    found.Add(mapping);
                }

                candidate = null;
            }
        }

        return found;
    }

    /// <summary>Of a head line: <c>7f00-7f10 r-xp 00000000 08:01 42  /lib/libc.so.6</c>.</summary>
    private static (nint Start, nuint Length)? Mapping(string line)
    {
        var parts = line.Split(' ', 6, StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length < 6 || !IsCode(parts[5].Trim(), parts[1]))
        {
            return null;
        }

        var dash = parts[0].IndexOf('-', StringComparison.Ordinal);
        var start = ulong.Parse(parts[0].AsSpan(0, dash), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        var end = ulong.Parse(parts[0].AsSpan(dash + 1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
        return ((nint)start, (nuint)(end - start));
    }

    /// <summary>A program in a single file is mapped shared as well, to read what is packed in it.</summary>
    private static bool IsCode(string path, string rights)
    {
        var name = path[(path.LastIndexOf('/') + 1)..];
        return path == Environment.ProcessPath
            ? rights is "r-xp" or "r--p" or "r--s"
            : rights is "r-xp" or "r--p" && path.StartsWith('/') && (name.EndsWith(".dll", StringComparison.Ordinal) || name.EndsWith(".so", StringComparison.Ordinal) || name.Contains(".so.", StringComparison.Ordinal));
    }

    [LibraryImport("libc", EntryPoint = "madvise")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Advise(nint start, nuint length, int advice);

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int TrimHeap(nuint keep);
}
