namespace Gateway.UnitTests.ContainerSupervisor.When;

/// <summary>A clock whose time of day can be set without time passing, and the other way round.</summary>
internal sealed class SettableClock(DateTimeOffset now) : TimeProvider
{
    private TimeSpan elapsed;

    public DateTimeOffset Now { get; set; } = now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => Now;

    public override long GetTimestamp() => elapsed.Ticks;

    public void Pass(TimeSpan time)
    {
        elapsed += time;
        Now += time;
    }
}
