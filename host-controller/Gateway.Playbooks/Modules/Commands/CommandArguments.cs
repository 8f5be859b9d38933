using System.Collections.Immutable;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>command</c> or <c>shell</c> task asks for.</summary>
/// <param name="Words">Program and arguments, before <c>~</c> and variables in them are expanded.</param>
/// <param name="Command">What is registered as <c>cmd</c>: the words, or for a shell the text.</param>
public sealed record CommandArguments(ImmutableArray<string> Words, Value Command)
{
    public bool IsShell { get; init; }

    public string? Directory { get; init; }

    public string? Creates { get; init; }

    public string? Removes { get; init; }

    public string? StandardInput { get; init; }

    public bool AddNewline { get; init; } = true;

    public bool Strip { get; init; } = true;

    public ImmutableArray<string> Warnings { get; init; } = [];
}

/// <summary>What a command depends on.</summary>
/// <param name="Words">Program and arguments, expanded.</param>
/// <param name="Directory">The folder to run in; null for the root folder.</param>
/// <param name="DirectoryError">Why that folder cannot be used.</param>
/// <param name="CreatesExists">Whether something matches <c>creates</c>.</param>
/// <param name="RemovesExists">Whether something matches <c>removes</c>.</param>
public sealed record CommandFacts(ImmutableArray<string> Words, string? Directory, string? DirectoryError, bool CreatesExists, bool RemovesExists)
{
    /// <summary><c>creates</c> and <c>removes</c>, expanded, for messages.</summary>
    public string Creates { get; init; } = "";

    public string Removes { get; init; } = "";
}
