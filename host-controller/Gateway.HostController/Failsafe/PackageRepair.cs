using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.HostController.Failsafe;

/// <summary>
/// Finishes what dpkg was interrupted in: configure; install anew what was cut off while being unpacked, from the
/// archives on this disk; then apt's own repair; at last dpkg must have nothing to complain about.
/// </summary>
/// <param name="paths">The machine.</param>
/// <param name="kept">The folder in which our own packages are kept.</param>
internal sealed class PackageRepair(HostPaths paths, string kept)
{
    private const string Keep = "--force-confold";
    private static readonly TimeSpan Short = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(30);

    /// <summary>What was done.</summary>
    public async Task<Result<string>> RunAsync(CancellationToken cancellation)
    {
        var configured = await Tool.RunAsync("dpkg", ["--force-confdef", Keep, "--configure", "-a"], Long, cancellation);
        var told = new List<string> { configured.IsSuccess ? "configured" : configured.Failure.ToString() };
        foreach (var (package, architecture) in await HalfInstalledAsync(cancellation))
        {
            told.Add(await ReinstallAsync(package, architecture, cancellation));
        }

        if (await ComplaintsAsync(cancellation) is { Length: > 0 })
        {
            var repaired = await Tool.RunAsync(
                "apt-get", ["-q", "-y", "-o", "Dpkg::Options::=--force-confdef", "-o", $"Dpkg::Options::={Keep}", "-o", "DPkg::Lock::Timeout=60", "-f", "install"], Long, cancellation);
            told.Add(repaired.IsSuccess ? "apt-get -f install" : repaired.Failure.ToString());
        }

        var left = await ComplaintsAsync(cancellation);
        var said = OneLine.Of(string.Join("; ", told));
        return left.Length == 0 ? said : new Failure(Phase.Apply, "dpkg", OneLine.Of($"still complains: {left}; done so far: {said}"));
    }

    /// <summary>The newest archive of a package in the first folder that has one; null when there is none.</summary>
    internal static string? Archive(IEnumerable<string> folders, string package, string architecture) =>
        folders.Where(Directory.Exists)
            .Select(folder => Directory.EnumerateFiles(folder, $"{package}_*.deb")
                .Where(file => file.EndsWith($"_{architecture}.deb", StringComparison.Ordinal) || file.EndsWith("_all.deb", StringComparison.Ordinal))
                // The one that was being unpacked was the last to be downloaded.
                .MaxBy(File.GetLastWriteTimeUtc))
            .FirstOrDefault(found => found is not null);

    /// <summary>Packages that dpkg wants to be installed anew, by its third status letter.</summary>
    internal static ImmutableArray<(string Package, string Architecture)> HalfInstalled(string shown) =>
        [.. shown.Split('\n')
            .Select(line => line.Split('|'))
            .Where(parts => parts is [{ Length: >= 3 } status, _, _] && status[2] == 'R')
            .Select(parts => (parts[1], parts[2]))];

    private static async Task<ImmutableArray<(string Package, string Architecture)>> HalfInstalledAsync(CancellationToken cancellation) =>
        (await Tool.RunAsync("dpkg-query", ["--show", "--showformat=${db:Status-Abbrev}|${Package}|${Architecture}\n"], Short, cancellation)).TryGet(out var shown, out _)
            ? HalfInstalled(shown)
            : [];

    private async Task<string> ReinstallAsync(string package, string architecture, CancellationToken cancellation)
    {
        if (Archive([paths.On("/var/cache/apt/archives"), kept], package, architecture) is not { } archive)
        {
            return $"{package} has to be installed anew, and its archive is not on this disk";
        }

        var installed = await Tool.RunAsync("dpkg", ["--force-confdef", Keep, "--install", archive], Long, cancellation);
        return installed.IsSuccess ? $"installed {Path.GetFileName(archive)} anew" : installed.Failure.ToString();
    }

    private static async Task<string> ComplaintsAsync(CancellationToken cancellation) =>
        (await Tool.RunAsync("dpkg", ["--audit"], Short, cancellation)).TryGet(out var told, out var failures) ? told.Trim() : failures[0].ToString();
}
