using System.Collections.Immutable;

namespace Gateway.Ctl.Documents;

/// <summary>What to set in a release block.</summary>
/// <param name="Serial">Null for one more than it is.</param>
/// <param name="Expires">Null to leave it.</param>
/// <param name="Targets">Empty to leave them.</param>
internal sealed record ReleaseChange(long? Serial, DateTimeOffset? Expires, ImmutableArray<string> Targets);
