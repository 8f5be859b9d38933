using System.Collections.Immutable;

namespace Gateway.Core.Releases;

/// <summary>What the device remembers about releases so that nothing old can be played back to it.</summary>
/// <param name="Streams">The mark of each stream. Leaving a group keeps its mark.</param>
/// <param name="NewestSigned">The newest signature time accepted on any stream, or null.</param>
public sealed record ReleaseMarks(ImmutableSortedDictionary<string, ReleaseMark> Streams, DateTimeOffset? NewestSigned)
{
    /// <summary>A device that has accepted nothing yet.</summary>
    public static ReleaseMarks None { get; } = new(ImmutableSortedDictionary.Create<string, ReleaseMark>(StringComparer.Ordinal), null);

    /// <summary>The mark of a stream, or null.</summary>
    public ReleaseMark? this[string stream] => Streams.GetValueOrDefault(stream);

    /// <summary>Whether both say the same; a record would compare the dictionaries by reference.</summary>
    public bool Equals(ReleaseMarks? other) =>
        other is not null && NewestSigned == other.NewestSigned && Streams.SequenceEqual(other.Streams);

    public override int GetHashCode() => HashCode.Combine(Streams.Count, NewestSigned);
}
