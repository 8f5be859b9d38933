using System.Collections.Immutable;

namespace Gateway.Playbooks.Modules;

/// <summary>What a <c>uri</c> task asks for.</summary>
/// <param name="Request">The request; its body may still be in a file.</param>
/// <param name="Accepted">Statuses that are no failure.</param>
/// <param name="Attributes">Owner, group and mode of the file the answer goes to.</param>
public sealed record UriArguments(WebRequest Request, ImmutableArray<int> Accepted, FileAttributes Attributes)
{
    /// <summary>Where the answer goes; null for the result.</summary>
    public string? Destination { get; init; }

    /// <summary>A file that is sent.</summary>
    public string? Source { get; init; }

    public bool IsSourceRemote { get; init; }

    public string? Creates { get; init; }

    public string? Removes { get; init; }

    public bool ReturnContent { get; init; }

    public bool Force { get; init; }
}

/// <summary>What a <c>uri</c> task depends on.</summary>
public sealed record UriFacts(string? Path, FileState? State, ReadOnlyMemory<byte>? Body, WantedAttributes Wanted)
{
    /// <summary>Why nothing is to be done; null when it is.</summary>
    public string? NotNeeded { get; init; }
}
