using Gateway.Core.Reports;

namespace Gateway.Core.Releases;

/// <summary>A refused release; <see cref="Failure.Phase"/> is <see cref="Phase.Release"/>.</summary>
/// <param name="Subject">The document's name.</param>
/// <param name="Problem">Which rule it broke.</param>
/// <param name="Message">What is wrong and what to do, in one line.</param>
public sealed record ReleaseFailure(string Subject, ReleaseProblem Problem, string Message) : Failure(Phase.Release, Subject, Message);
