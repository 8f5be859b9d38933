using System.Collections.Immutable;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>file</c> task asks for.</summary>
public sealed record FileArguments(string Path, string? State, string? Source, FileAttributes Attributes)
{
    public bool Recurse { get; init; }

    public bool Force { get; init; }

    public bool Follow { get; init; } = true;

    /// <summary><c>now</c>, <c>preserve</c>, a time in the format given, or null for what the state implies.</summary>
    public string? Modified { get; init; }

    public string? Accessed { get; init; }

    public string ModifiedFormat { get; init; } = FileTimes.DefaultFormat;

    public string AccessedFormat { get; init; } = FileTimes.DefaultFormat;
}

/// <summary>Something below a folder.</summary>
public sealed record TreeEntry(string Path, FileState State);

/// <summary>What a <c>file</c> task depends on.</summary>
/// <param name="Path">The path, <c>~</c> expanded, and inside the folder when that is what Ansible takes it for.</param>
/// <param name="Here">What stands there, a link not followed; null for nothing.</param>
/// <param name="RealPath">The path with all links followed.</param>
/// <param name="Target">What stands there, a link followed; null for nothing.</param>
/// <param name="Wanted">Owner, group and mode.</param>
/// <param name="Now">The time.</param>
public sealed record FileFacts(string Path, FileState? Here, string RealPath, FileState? Target, WantedAttributes Wanted, DateTimeOffset Now)
{
    /// <summary>The path as results name it: with the slash the task may write at its end.</summary>
    public string Written { get; init; } = Path;

    /// <summary>Source of a link, expanded.</summary>
    public string? Source { get; init; }

    /// <summary>What the source is, seen from the link; null when nothing is there.</summary>
    public FileState? SourceState { get; init; }

    /// <summary>What the link would lead to; null when nothing is there.</summary>
    public FileState? LinkedState { get; init; }

    /// <summary>Whether the folder that the path is in is there.</summary>
    public bool FolderIsThere { get; init; } = true;

    /// <summary>Folders from the root down that are not there, the path itself last.</summary>
    public ImmutableArray<string> Missing { get; init; } = [];

    /// <summary>Everything below a folder, where the task needs it.</summary>
    public ImmutableArray<TreeEntry> Tree { get; init; } = [];

    /// <summary>What Ansible calls what stands there.</summary>
    public string PreviousState => StateOf(Here);

    internal static string StateOf(FileState? state) => state switch
    {
        null => "absent",
        { Kind: FileKind.Link } => "link",
        { Kind: FileKind.Directory } => "directory",
        { Links: > 1 } => "hard",
        _ => "file",
    };
}
