using System.Collections.Immutable;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>find</c> task asks for.</summary>
public sealed record FindArguments(ImmutableArray<string> Paths)
{
    /// <summary>Patterns of names, of which one must match; empty for any name.</summary>
    public ImmutableArray<string> Patterns { get; init; } = [];

    public ImmutableArray<string> Excludes { get; init; } = [];

    /// <summary>Whether patterns are regular expressions, matched from the start of the name.</summary>
    public bool IsRegex { get; init; }

    /// <summary>A pattern of the content; null for any.</summary>
    public string? Contains { get; init; }

    public bool WholeFile { get; init; }

    /// <summary><c>any</c>, <c>directory</c>, <c>file</c>, <c>link</c>.</summary>
    public string Type { get; init; } = "file";

    /// <summary>At least so many seconds old, or at most when negative.</summary>
    public long? Age { get; init; }

    /// <summary><c>atime</c>, <c>ctime</c> or <c>mtime</c>.</summary>
    public string AgeStamp { get; init; } = "mtime";

    /// <summary>At least so many bytes, or at most when negative.</summary>
    public long? Size { get; init; }

    public bool Recurse { get; init; }

    public int? Depth { get; init; }

    public bool Hidden { get; init; }

    public bool Follow { get; init; }

    public string? Algorithm { get; init; }
}

/// <summary>What a <c>find</c> task finds.</summary>
public sealed record FindFacts(ImmutableArray<Expressions.DictValue> Files, int Examined, ImmutableArray<KeyValuePair<string, string>> Skipped);
