using System.Collections.Immutable;

namespace Gateway.Core.Engine;

/// <summary>Which events are wanted: all of one list's entries are alternatives, the lists must all match; empty means any.</summary>
public sealed record EventFilter
{
    /// <summary><c>container</c>, <c>image</c>, <c>network</c>, <c>volume</c>, <c>daemon</c>.</summary>
    public ImmutableArray<string> Types { get; init; } = [];

    /// <summary><c>start</c>, <c>die</c>, <c>health_status</c>, …</summary>
    public ImmutableArray<string> Actions { get; init; } = [];

    /// <summary><c>name</c> or <c>name=value</c>; several must all match.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>Events from this moment on are delivered first, as far as the engine remembers them (256 events).</summary>
    public DateTimeOffset? Since { get; init; }
}
