using System.Text.RegularExpressions;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Mounted file systems of devices, with their sizes in bytes.</summary>
internal static partial class MountFacts
{
    public static DictValue Read(FactSource source) => Results.Of(("ansible_mounts", ListValue.Of(
        (source.Kernel("/proc/self/mounts") is { Length: > 0 } own ? own : source.Kernel("/proc/mounts")).Split('\n')
            .Select(line => line.Split(' '))
            .Where(fields => fields.Length > 3 && (fields[0].StartsWith('/') || fields[0].Contains(":/", StringComparison.Ordinal)) && fields[2] != "none")
            .Select(fields => Mount(source, fields)))));

    private static Value Mount(FactSource source, string[] fields)
    {
        var path = Unescape(fields[1]);
        var mount = Results.Of(("mount", path), ("device", Unescape(fields[0])), ("fstype", fields[2]), ("options", fields[3]), ("uuid", Uuid(source, Unescape(fields[0]))));
        return source.Reader.Machine.Space(path) is not { } space ? mount : mount.With(Results.Of(
            ("block_available", space.Available), ("block_size", space.BlockSize), ("block_total", space.Blocks), ("block_used", space.Blocks - space.Available),
            ("inode_available", space.FreeFiles), ("inode_total", space.Files), ("inode_used", space.Files - space.FreeFiles),
            ("size_available", space.Available * space.FragmentSize), ("size_total", space.Blocks * space.FragmentSize)));
    }

    /// <summary>What udev has found on the device.</summary>
    private static string Uuid(FactSource source, string device)
    {
        const string Known = "/dev/disk/by-uuid";
        var machine = source.Reader.Machine;
        var path = machine.RealPath(device);
        return machine.List(Known).FirstOrDefault(uuid => machine.RealPath($"{Known}/{uuid}") == path) ?? "N/A";
    }

    /// <summary>White space in paths is written in octal.</summary>
    private static string Unescape(string text) => Octal().Replace(text, match => ((char)Convert.ToInt32(match.Groups[1].Value, 8)).ToString());

    [GeneratedRegex(@"\\([0-7]{3})", RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Octal();
}
