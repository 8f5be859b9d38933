using System.Collections.Immutable;

namespace Gateway.Core.Releases;

/// <summary>The release block that every signed document carries.</summary>
/// <param name="Serial">At least 1, strictly rising within its stream.</param>
/// <param name="Expires">Refused after this if not yet accepted; what runs keeps running.</param>
/// <param name="Targets">Any of <c>all</c>, <c>gateway:&lt;id&gt;</c>, <c>group:&lt;name&gt;</c> must match.</param>
public sealed record Release(long Serial, DateTimeOffset Expires, ImmutableArray<string> Targets);
