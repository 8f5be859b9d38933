using System.Collections.Immutable;

namespace Gateway.Playbooks.Modules;

/// <summary>What tar and unzip are run with. Neither writes outside the folder: both drop leading slashes and refuse <c>..</c>.</summary>
internal static class ArchiveCommands
{
    public const string Zip = "ZipArchive";

    /// <summary>tar's way to name how an archive is compressed, by Ansible's name for it.</summary>
    public static ImmutableArray<(string Handler, ImmutableArray<string> Flags)> Tar { get; } =
    [
        ("TgzArchive", ["-z"]), ("TarZstdArchive", ["--use-compress-program=zstd"]), ("TarArchive", []), ("TarBzipArchive", ["-j"]), ("TarXzArchive", ["-J"]),
    ];

    public static ImmutableArray<string> Flags(string handler) => Tar.First(known => known.Handler == handler).Flags;

    public static RunProcess Extract(UnarchiveArguments arguments, UnarchiveFacts facts) => facts.Handler == Zip
        ? new RunProcess("unzip", ["-o", .. arguments.Extra, facts.Source!, .. arguments.Include, .. arguments.Exclude.IsEmpty ? (ImmutableArray<string>)[] : ["-x", .. arguments.Exclude], "-d", facts.Target])
        : new RunProcess("tar", ["--extract", "-C", facts.Target, .. Flags(facts.Handler!), .. Common(arguments), "-f", facts.Source!, .. arguments.Include]);

    /// <summary>The task's own options, which may change the names that things get.</summary>
    public static ImmutableArray<string> Names(UnarchiveArguments arguments) => arguments.Extra.IsEmpty ? [] : ["--show-transformed-names", .. arguments.Extra];

    /// <summary>What comparing and extracting share.</summary>
    public static ImmutableArray<string> Common(UnarchiveArguments arguments) =>
    [
        .. arguments.KeepNewer ? (ReadOnlySpan<string>)["--keep-newer-files"] : [],
        .. Names(arguments),
        .. arguments.Attributes.Owner is { } owner ? (ReadOnlySpan<string>)["--owner=" + owner] : [],
        .. arguments.Attributes.Group is { } group ? (ReadOnlySpan<string>)["--group=" + group] : [],
        .. arguments.Exclude.Select(pattern => "--exclude=" + pattern),
    ];
}
