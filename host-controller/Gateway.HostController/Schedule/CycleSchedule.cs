using Quartz;

namespace Gateway.HostController.Schedule;

/// <summary>When cycles run. Pure.</summary>
internal static class CycleSchedule
{
    /// <summary>The next time by the cron expression, put off by a part of the jitter; null when it never comes.</summary>
    /// <param name="cron">Six or seven fields, in local time.</param>
    /// <param name="jitter">Most delay.</param>
    /// <param name="chance">From 0 to 1: which part of it.</param>
    /// <param name="after">The time the last cycle ended.</param>
    public static DateTimeOffset? Next(string cron, TimeSpan jitter, double chance, DateTimeOffset after) =>
        new CronExpression(cron).GetNextValidTimeAfter(after) + jitter * chance;
}
