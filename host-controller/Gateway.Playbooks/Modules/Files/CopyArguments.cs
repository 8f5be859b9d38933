using System.Collections.Immutable;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>copy</c> task asks for.</summary>
/// <param name="Content">What the file shall hold; null when it comes from a file.</param>
/// <param name="Source">A file beside the playbook, or on the machine with <c>remote_src</c>; null with content.</param>
/// <param name="Destination">A file, or a folder to put it in.</param>
/// <param name="Attributes">Owner, group and mode.</param>
public sealed record CopyArguments(string? Content, string? Source, string Destination, FileAttributes Attributes)
{
    public bool RemoteSource { get; init; }

    public bool Backup { get; init; }

    public bool Force { get; init; } = true;

    public bool Follow { get; init; }

    /// <summary>Whether links in a folder beside the playbook are followed.</summary>
    public bool FollowSource { get; init; } = true;

    /// <summary>Mode of folders that are made on the way; null for the usual one.</summary>
    public Value? DirectoryMode { get; init; }

    /// <summary>A command that must accept the file; <c>%s</c> is its path.</summary>
    public ImmutableArray<string> Validate { get; init; } = [];

    /// <summary>SHA-1 the source must have.</summary>
    public string? Checksum { get; init; }
}

/// <summary>What a <c>copy</c> task depends on.</summary>
/// <param name="Path">The file to write.</param>
/// <param name="Here">What stands there, a link not followed; null for nothing.</param>
/// <param name="Target">What stands there, a link followed; null for nothing.</param>
/// <param name="RealPath">The path with links followed.</param>
/// <param name="Wanted">Owner, group and mode.</param>
public sealed record CopyFacts(string Path, FileState? Here, FileState? Target, string RealPath, WantedAttributes Wanted)
{
    /// <summary>Where the content comes from; null when it is in the task.</summary>
    public string? Source { get; init; }

    /// <summary>What the source is.</summary>
    public FileState? SourceState { get; init; }

    /// <summary>SHA-1 of the source or content.</summary>
    public string SourceSum { get; init; } = "";

    /// <summary>SHA-1 of the file that is there; null when it is no file.</summary>
    public string? HereSum { get; init; }

    /// <summary>Bytes of a source that is beside the playbook.</summary>
    public ReadOnlyMemory<byte> SourceContent { get; init; }

    /// <summary>What the file holds now, for a diff; null when none is asked for.</summary>
    public ReadOnlyMemory<byte>? Before { get; init; }

    /// <summary>Folders to make first.</summary>
    public ImmutableArray<string> Missing { get; init; } = [];

    /// <summary>Why nobody can say what stands there, as below a file; null when that can be said.</summary>
    public string? Hidden { get; init; }

    /// <summary>Whether the folder the file goes to is there.</summary>
    public bool FolderIsThere { get; init; } = true;

    /// <summary>What is in the folder that is copied; null when a file is.</summary>
    public ImmutableArray<CopyEntry>? Tree { get; init; }

    /// <summary>The folder that becomes a copy of it.</summary>
    public string Top { get; init; } = "";
}

/// <summary>One thing in a folder that is copied.</summary>
/// <param name="Source">Its path.</param>
/// <param name="Path">Where it goes.</param>
/// <param name="State">What it is.</param>
/// <param name="Here">What stands where it goes, a link not followed; null for nothing.</param>
/// <param name="IsSame">Whether that has the same content.</param>
public sealed record CopyEntry(string Source, string Path, FileState State, FileState? Here, bool IsSame);
