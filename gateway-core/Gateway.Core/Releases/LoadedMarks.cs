using System.Collections.Immutable;

namespace Gateway.Core.Releases;

/// <summary>The marks as found on disk.</summary>
/// <param name="Marks">The newest readable copy; none when there is none.</param>
/// <param name="Warnings">What was wrong with a copy, one line each, to be said loudly.</param>
public sealed record LoadedMarks(ReleaseMarks Marks, ImmutableArray<string> Warnings);
