using System.Collections.Immutable;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>lineinfile</c> task asks for; texts are bytes, one character each.</summary>
public sealed record LineArguments(string Path, string? Line, FileAttributes Attributes)
{
    /// <summary>Whether the line shall be there, or no line that matches.</summary>
    public bool Present { get; init; } = true;

    public string? Pattern { get; init; }

    public string? SearchText { get; init; }

    public bool UseGroups { get; init; }

    /// <summary>A pattern, <c>BOF</c> or <c>EOF</c>.</summary>
    public string? InsertAfter { get; init; }

    /// <summary>A pattern or <c>BOF</c>.</summary>
    public string? InsertBefore { get; init; }

    public bool FirstMatch { get; init; }

    public bool Create { get; init; }

    public bool Backup { get; init; }

    public ImmutableArray<string> Validate { get; init; } = [];
}
