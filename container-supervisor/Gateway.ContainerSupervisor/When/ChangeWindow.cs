using Quartz;

namespace Gateway.ContainerSupervisor.When;

/// <summary>A maintenance window: from each time of a schedule on, changes may begin for a while. Pure.</summary>
internal sealed class ChangeWindow
{
    private readonly CronExpression schedule;
    private readonly TimeSpan duration;

    /// <param name="schedule">A Quartz cron expression of six or seven fields; a <see cref="FormatException"/> when it is none.</param>
    /// <param name="duration">How long the window stays open, as a clock on the wall that nobody sets would tell.</param>
    /// <param name="zone">Whose time the schedule means.</param>
    public ChangeWindow(string schedule, TimeSpan duration, TimeZoneInfo zone)
    {
        this.schedule = new CronExpression(schedule, zone);
        this.duration = duration;
    }

    /// <summary>Whether it is open: from a time of the schedule on, up to but not including that time plus the duration.</summary>
    public bool IsOpen(DateTimeOffset now) => schedule.GetNextValidTimeAfter(now - duration) is { } opened && opened <= now;

    /// <summary>When it opens next, after <paramref name="now"/>; null when it never does again.</summary>
    public DateTimeOffset? NextOpening(DateTimeOffset now) => schedule.GetNextValidTimeAfter(now);
}
