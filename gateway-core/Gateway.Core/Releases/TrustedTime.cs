namespace Gateway.Core.Releases;

/// <summary>The time that releases are judged by. It never runs behind what is known for certain.</summary>
/// <param name="System">The system clock, which may be anything on a machine without a battery.</param>
/// <param name="NewestSigned">The newest signature time accepted so far, or null.</param>
/// <param name="Build">When this program was built.</param>
public sealed record TrustedTime(DateTimeOffset System, DateTimeOffset? NewestSigned, DateTimeOffset Build)
{
    /// <summary>A time that was seen to pass (see <see cref="TimeFloor"/>), or null.</summary>
    public DateTimeOffset? Floor { get; init; }

    /// <summary>The latest of them.</summary>
    public DateTimeOffset Now => Later(System, Certain);

    /// <summary>The latest that is known without the system clock.</summary>
    public DateTimeOffset Certain => Later(Later(Build, NewestSigned ?? DateTimeOffset.MinValue), Floor ?? DateTimeOffset.MinValue);

    /// <summary>Whether the system clock is certainly wrong.</summary>
    public bool ClockIsBehindBuild => System < Build;

    /// <summary>The time by this clock, these marks and this build.</summary>
    public static TrustedTime Of(TimeProvider clock, ReleaseMarks marks) => new(clock.GetUtcNow(), marks.NewestSigned, BuildTime.Value);

    /// <summary>The time by this clock, these marks, this build, and what was seen to pass.</summary>
    public static TrustedTime Of(TimeProvider clock, ReleaseMarks marks, TimeFloor floor)
    {
        var time = Of(clock, marks);
        return time with { Floor = floor.At(time.Certain) };
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;
}
