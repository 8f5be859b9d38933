namespace Gateway.HostController.Schedule;

/// <summary>
/// A time to wait for: it comes when the clock says so, or when as much time has gone by as there was to wait, whichever
/// is first. So a clock that is set back by years stops nothing.
/// </summary>
/// <param name="time">The time.</param>
/// <param name="clock">Tells the time, and how much of it goes by.</param>
internal sealed class Appointment(DateTimeOffset time, TimeProvider clock)
{
    private readonly TimeSpan wait = time - clock.GetUtcNow();
    private readonly long begun = clock.GetTimestamp();

    /// <summary>How long there is still to wait; zero or less when it has come.</summary>
    public TimeSpan Left
    {
        get
        {
            var (byClock, byElapsed) = (time - clock.GetUtcNow(), wait - clock.GetElapsedTime(begun));
            return byClock < byElapsed ? byClock : byElapsed;
        }
    }
}
