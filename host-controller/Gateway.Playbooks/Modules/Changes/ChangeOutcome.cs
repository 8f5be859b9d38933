using System.Collections.Immutable;

namespace Gateway.Playbooks.Modules;

/// <summary>What came of one change.</summary>
/// <param name="Error">Null when it worked; else what went wrong, in the words a user reads.</param>
public sealed record ChangeOutcome(string? Error = null)
{
    /// <summary>It worked, and there is no more to say.</summary>
    public static ChangeOutcome Done { get; } = new();

    /// <summary>Exit status of the program that ran; null when none did.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Its standard output, bounded.</summary>
    public string StandardOutput { get; init; } = "";

    /// <summary>Its standard error, bounded.</summary>
    public string StandardError { get; init; } = "";

    /// <summary>When it began and ended; null when no program ran.</summary>
    public DateTimeOffset? Started { get; init; }

    public DateTimeOffset? Ended { get; init; }

    /// <summary>Where the file that was replaced is kept.</summary>
    public string? BackupFile { get; init; }

    /// <summary>What the change found out: an image id, a message.</summary>
    public string? Note { get; init; }

    /// <summary>Whether the program could not be started.</summary>
    public bool NotFound { get; init; }

    /// <summary>Why it could not (errno(3)).</summary>
    public int Errno { get; init; }

    /// <summary>What a web server answered; null when none was asked.</summary>
    public WebAnswer? Answer { get; init; }

    /// <summary>What the groups of a pattern matched.</summary>
    public ImmutableArray<string> Groups { get; init; } = [];

    /// <summary>Whether something is another than before, where only doing it could tell.</summary>
    public bool IsAltered { get; init; }

    /// <summary>SHA-1 of the file that was made, and of the one before it.</summary>
    public string? Sum { get; init; }

    public string? SumBefore { get; init; }
}
