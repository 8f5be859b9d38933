using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Which distribution it is (os-release(5)).</summary>
internal static class DistributionFacts
{
    public static DictValue Read(FactSource source)
    {
        var release = Settings(source.Text("/etc/os-release") is { Length: > 0 } text ? text : source.Text("/usr/lib/os-release"));
        var debianVersion = source.Text("/etc/debian_version").Trim();
        var version = release.GetValueOrDefault("ID") == "debian" && debianVersion.Length > 0 && char.IsAsciiDigit(debianVersion[0])
            ? debianVersion
            : release.GetValueOrDefault("VERSION_ID", "");
        return Results.Of(
            ("ansible_distribution", Name(release)),
            ("ansible_distribution_file_parsed", true),
            ("ansible_distribution_file_path", "/etc/os-release"),
            ("ansible_distribution_file_variety", Name(release)),
            ("ansible_distribution_major_version", version.Split('.')[0]),
            ("ansible_distribution_release", release.GetValueOrDefault("VERSION_CODENAME", "")),
            ("ansible_distribution_version", version),
            ("ansible_distribution_minor_version", version.Split('.') is [_, var minor, ..] ? minor : ""),
            ("ansible_lsb", source.Reader.Stat("/usr/bin/lsb_release", follow: true) is null ? DictValue.Empty : Lsb(release, version)),
            ("ansible_os_family", Family(release)));
    }

    /// <summary>Lines of <c>NAME="value"</c>.</summary>
    public static Dictionary<string, string> Settings(string text)
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

    /// <summary>What lsb_release(1) says, where it is installed.</summary>
    private static DictValue Lsb(Dictionary<string, string> release, string version) => Results.Of(
        ("id", Name(release)),
        ("description", release.GetValueOrDefault("PRETTY_NAME", "")),
        ("release", release.GetValueOrDefault("VERSION_ID", version)),
        ("codename", release.GetValueOrDefault("VERSION_CODENAME", "")),
        ("major_release", version.Split('.')[0]));

    private static string Name(Dictionary<string, string> release) => release.GetValueOrDefault("ID", "") switch
    {
        "debian" or "raspbian" => "Debian",
        "ubuntu" => "Ubuntu",
        var id => release.GetValueOrDefault("NAME", id),
    };

    private static string Family(Dictionary<string, string> release) =>
        release.GetValueOrDefault("ID") is "debian" or "raspbian" or "ubuntu" || release.GetValueOrDefault("ID_LIKE", "").Split(' ').Contains("debian")
            ? "Debian"
            : Name(release);
}
