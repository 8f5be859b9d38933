using System.Globalization;
using System.Text;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>The facts that are gathered, under Ansible's names with their <c>ansible_</c> in front.</summary>
internal static class HostFacts
{
    private const long Largest = 256 * 1024;

    public static async Task<DictValue> ReadAsync(IHostReader reader, CancellationToken cancellation)
    {
        var release = OsRelease(TextOf(reader, "/etc/os-release"));
        var machine = (await reader.RunAsync("uname", ["-m"], cancellation)).StandardOutput.Trim();
        var debianVersion = TextOf(reader, "/etc/debian_version").Trim();
        var version = release.GetValueOrDefault("ID") == "debian" && debianVersion.Length > 0 && char.IsAsciiDigit(debianVersion[0])
            ? debianVersion
            : release.GetValueOrDefault("VERSION_ID", "");
        var hostName = TextOf(reader, "/proc/sys/kernel/hostname").Trim();
        var now = reader.Now;
        return Results.Of(
            ("ansible_architecture", machine),
            ("ansible_date_time", Time(now)),
            ("ansible_distribution", Distribution(release)),
            ("ansible_distribution_major_version", version.Split('.')[0]),
            ("ansible_distribution_release", release.GetValueOrDefault("VERSION_CODENAME", "")),
            ("ansible_distribution_version", version),
            ("ansible_fqdn", hostName),
            ("ansible_hostname", hostName.Split('.')[0]),
            ("ansible_kernel", TextOf(reader, "/proc/sys/kernel/osrelease").Trim()),
            ("ansible_machine", machine),
            ("ansible_memtotal_mb", MemoryMegabytes(TextOf(reader, "/proc/meminfo"))),
            ("ansible_nodename", hostName),
            ("ansible_os_family", Family(release)),
            ("ansible_pkg_mgr", "apt"),
            ("ansible_processor_vcpus", Processors(TextOf(reader, "/proc/cpuinfo"))),
            ("ansible_service_mgr", TextOf(reader, "/proc/1/comm").Trim() is { Length: > 0 } first ? first : "service"),
            ("ansible_system", "Linux"),
            ("ansible_user_id", "root"),
            ("gather_subset", ListValue.Of(["all"])),
            ("module_setup", true));
    }

    private static string TextOf(IHostReader reader, string path) =>
        reader.ReadFile(path, Largest).TryGet(out var content, out _) ? Encoding.UTF8.GetString(content.Span) : "";

    private static Dictionary<string, string> OsRelease(string text)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in text.Split('\n', StringSplitOptions.TrimEntries))
        {
            var at = line.IndexOf('=', StringComparison.Ordinal);
            if (at > 0)
            {
                values[line[..at]] = line[(at + 1)..].Trim('"', '\'');
            }
        }

        return values;
    }

    private static string Distribution(Dictionary<string, string> release) => release.GetValueOrDefault("ID", "") switch
    {
        "debian" or "raspbian" => "Debian",
        "ubuntu" => "Ubuntu",
        var id => release.GetValueOrDefault("NAME", id),
    };

    private static string Family(Dictionary<string, string> release) =>
        release.GetValueOrDefault("ID") is "debian" or "raspbian" or "ubuntu" || release.GetValueOrDefault("ID_LIKE", "").Split(' ').Contains("debian")
            ? "Debian"
            : Distribution(release);

    private static long MemoryMegabytes(string memory) => memory.Split('\n')
        .Where(line => line.StartsWith("MemTotal:", StringComparison.Ordinal))
        .Select(line => long.TryParse(line["MemTotal:".Length..].Replace("kB", "", StringComparison.Ordinal).Trim(), out var kilobytes) ? kilobytes / 1024 : 0)
        .FirstOrDefault();

    private static long Processors(string cpus) => Math.Max(1, cpus.Split('\n').Count(line => line.StartsWith("processor", StringComparison.Ordinal)));

    private static DictValue Time(DateTimeOffset now)
    {
        var utc = now.ToUniversalTime();
        return Results.Of(
            ("date", now.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
            ("time", now.ToString("HH:mm:ss", CultureInfo.InvariantCulture)),
            ("year", now.ToString("yyyy", CultureInfo.InvariantCulture)),
            ("month", now.ToString("MM", CultureInfo.InvariantCulture)),
            ("day", now.ToString("dd", CultureInfo.InvariantCulture)),
            ("hour", now.ToString("HH", CultureInfo.InvariantCulture)),
            ("minute", now.ToString("mm", CultureInfo.InvariantCulture)),
            ("second", now.ToString("ss", CultureInfo.InvariantCulture)),
            ("weekday", now.DayOfWeek.ToString()),
            ("epoch", now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)),
            ("iso8601", utc.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)));
    }
}
