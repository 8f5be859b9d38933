using System.Collections.Immutable;

namespace Gateway.Core.Releases;

/// <summary>A release that may be acted upon, once <see cref="Marks"/> have been saved.</summary>
/// <param name="AlreadyAccepted">Whether the same bytes had been accepted before.</param>
/// <param name="Marks">What to save; equal to the marks given when nothing changes.</param>
/// <param name="Notes">What a person should know: a mark that was void, a signature from the future let through. One line each.</param>
public sealed record ReleaseVerdict(bool AlreadyAccepted, ReleaseMarks Marks, ImmutableArray<string> Notes);
