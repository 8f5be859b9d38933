namespace Gateway.Core.Reports;

/// <summary>Something expected that went wrong. Exceptions are for bugs; this is for the world.</summary>
/// <param name="Phase">The step on which it failed.</param>
/// <param name="Subject">What failed: a file with its position, a container, a package, an address.</param>
/// <param name="Message">What is wrong and what to do, in one line.</param>
/// <param name="Retryable">Whether the same attempt may succeed later without anybody changing anything.</param>
public record Failure(Phase Phase, string Subject, string Message, bool Retryable = false)
{
    /// <summary>What sort of failure it is, for callers that decide by it.</summary>
    public FailureKind Kind { get; init; }

    /// <summary>A failure at a place in a document.</summary>
    public static Failure At(Phase phase, Position position, string message) => new(phase, position.ToString(), message);

    /// <summary><c>subject: message</c>, one line whatever the parts contain.</summary>
    public sealed override string ToString() => OneLine.Of(Subject.Length == 0 ? Message : $"{Subject}: {Message}");
}
