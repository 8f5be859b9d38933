using System.Collections.Immutable;

namespace Gateway.Core.Engine;

/// <summary>Answer of <c>POST /containers/create</c>.</summary>
public sealed record CreatedContainer
{
    public string Id { get => field ?? ""; init; }

    public IReadOnlyList<string> Warnings { get => field ?? []; init; }
}

/// <summary>What to wait for.</summary>
public enum WaitCondition
{
    /// <summary>It does not run; at once if it does not now.</summary>
    NotRunning,

    /// <summary>It exits the next time.</summary>
    NextExit,

    /// <summary>It is gone.</summary>
    Removed,
}

/// <summary>Which part of a container's output is wanted.</summary>
public sealed record LogQuery
{
    /// <summary>The last so many lines; null is all there are.</summary>
    public int? Tail { get; init; } = 100;

    /// <summary>Only what was written from this moment on.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>Reading ends here; the answer says so.</summary>
    public int MaxBytes { get; init; } = 256 * 1024;
}

/// <summary>One line of output; no line break at its end.</summary>
/// <param name="IsError">Whether it came on standard error; false throughout for a container with a terminal.</param>
/// <param name="Text">At most 16 KiB; a longer line is cut into several.</param>
public sealed record LogLine(bool IsError, string Text);

/// <summary>A container's output, oldest line first.</summary>
/// <param name="Lines">Both streams in the order the engine kept.</param>
/// <param name="Truncated">Whether <see cref="LogQuery.MaxBytes"/> ended it.</param>
public sealed record ContainerLogs(ImmutableArray<LogLine> Lines, bool Truncated);
