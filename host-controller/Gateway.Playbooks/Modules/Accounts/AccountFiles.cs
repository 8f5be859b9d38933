using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Gateway.Playbooks.Modules;

/// <summary>One line of <c>/etc/passwd</c>.</summary>
public sealed record UserEntry(string Name, int Uid, int Gid, string Comment, string Home, string Shell);

/// <summary>One line of <c>/etc/group</c>.</summary>
public sealed record GroupEntry(string Name, int Gid, ImmutableArray<string> Members);

/// <summary>One line of <c>/etc/shadow</c>; days count from 1970.</summary>
public sealed record ShadowEntry(string Name, string Password, long? ExpireDay)
{
    /// <summary>Fewest and most days between changes of the password; null for none.</summary>
    public long? MinimumDays { get; init; }

    public long? MaximumDays { get; init; }
}

/// <summary>Reads the files of accounts (passwd(5), group(5), shadow(5)).</summary>
internal static class AccountFiles
{
    private const long Largest = 4L * 1024 * 1024;

    public static ImmutableArray<UserEntry> Users(IHostReader reader) =>
    [
        .. Lines(reader, "/etc/passwd", 7).Select(fields => new UserEntry(fields[0], Number(fields[2]) ?? -1, Number(fields[3]) ?? -1, fields[4], fields[5], fields[6])),
    ];

    public static ImmutableArray<GroupEntry> Groups(IHostReader reader) =>
        [.. Lines(reader, "/etc/group", 4).Select(fields => new GroupEntry(fields[0], Number(fields[2]) ?? -1, [.. fields[3].Split(',', StringSplitOptions.RemoveEmptyEntries)]))];

    public static ShadowEntry? Shadow(IHostReader reader, string name) => Lines(reader, "/etc/shadow", 9).Where(fields => fields[0] == name)
        .Select(fields => new ShadowEntry(name, fields[1], Number(fields[7])) { MinimumDays = Number(fields[3]), MaximumDays = Number(fields[4]) }).FirstOrDefault();

    /// <summary>What the programs of accounts need to work on the reader's root; nothing on the machine itself.</summary>
    public static ImmutableArray<string> Prefix(IHostReader reader) => reader.OnThisMachine("/").TrimEnd('/') is { Length: > 0 } root ? ["--prefix", root] : [];

    private static IEnumerable<string[]> Lines(IHostReader reader, string path, int fields) => reader.ReadFile(path, Largest).TryGet(out var content, out _)
        ? Encoding.UTF8.GetString(content.Span).Split('\n').Select(line => line.Split(':')).Where(line => line.Length >= fields)
        : [];

    private static int? Number(string text) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
