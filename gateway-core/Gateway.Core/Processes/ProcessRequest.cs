using System.Collections.Immutable;

namespace Gateway.Core.Processes;

/// <summary>A program to run with a list of arguments. There is no shell: nothing is split, expanded or quoted.</summary>
/// <param name="Program">An absolute path, or a bare name that is looked up in the child's PATH (absolute entries only).</param>
/// <param name="Arguments">The arguments after the program's name.</param>
public sealed record ProcessRequest(string Program, ImmutableArray<string> Arguments)
{
    /// <summary>Variables laid over the inherited environment; a null value removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = ImmutableDictionary<string, string?>.Empty;

    /// <summary>Whether the child starts from an empty environment instead of the inherited one.</summary>
    public bool ClearEnvironment { get; init; }

    /// <summary>The child's working folder; null inherits ours.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Bytes for the child's standard input, which is closed after them (at once when there are none).</summary>
    public ReadOnlyMemory<byte> StandardInput { get; init; }

    /// <summary>After this the child and everything it started is killed. Two minutes unless said otherwise.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How many bytes of each of the two outputs are kept; what comes after is read and dropped. 1 MiB unless said otherwise.</summary>
    public int OutputLimit { get; init; } = 1024 * 1024;
}
