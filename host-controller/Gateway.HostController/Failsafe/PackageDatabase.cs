using System.Globalization;

namespace Gateway.HostController.Failsafe;

/// <summary>Whether dpkg was interrupted, asked as rarely as possible.</summary>
internal sealed class PackageDatabase(HostPaths paths)
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);
    private string seen = "";
    private bool wasBroken;

    private string Folder => paths.On("/var/lib/dpkg");

    /// <summary>Whether apt or dpkg is at work.</summary>
    public bool IsBusy()
    {
        var path = Path.Combine(Folder, "lock-frontend");
        try
        {
            if (!File.Exists(path))
            {
                return false;
            }

            using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, 0);
            // The same kind of lock as theirs (fcntl); gone as soon as the file is closed.
            file.Lock(0, 1);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
        catch (UnauthorizedAccessException)
        {
            return false;
        }
    }

    /// <summary>Whether something is left to be finished. dpkg itself is asked only when its files have changed since.</summary>
    public async Task<bool> IsBrokenAsync(CancellationToken cancellation)
    {
        // Under --root packages are those of the machine, which is not ours to repair.
        if (!paths.IsMachine || !File.Exists(Path.Combine(Folder, "status")))
        {
            return false;
        }

        var status = new FileInfo(Path.Combine(Folder, "status"));
        var journal = Directory.Exists(Path.Combine(Folder, "updates")) ? Directory.EnumerateFileSystemEntries(Path.Combine(Folder, "updates")).Count() : 0;
        var now = string.Create(CultureInfo.InvariantCulture, $"{status.LastWriteTimeUtc.Ticks} {status.Length} {journal}");
        if (now == seen && !wasBroken)
        {
            return false;
        }

        var audit = await Tool.RunAsync("dpkg", ["--audit"], Longest, cancellation);
        wasBroken = journal > 0 || (audit.TryGet(out var told, out _) && told.Trim().Length > 0);
        seen = now;
        return wasBroken;
    }
}
