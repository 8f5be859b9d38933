using System.Globalization;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Times of a file as a task asks for them.</summary>
internal static class FileTimes
{
    public const string DefaultFormat = "%Y%m%d%H%M.%S";

    /// <summary>Whether a time can be read.</summary>
    public static string? Problem(string? time, string format) => time is null or "now" or "preserve" || TryParse(time, format, out _)
        ? null
        : $"Error while obtaining timestamp for time {time} using format {format}: time data '{time}' does not match format '{format}'";

    /// <summary>Adds what is needed, and notes it.</summary>
    public static void Plan(AttributePlan plan, string at, FileState? state, FileArguments arguments, string implied, DateTimeOffset now)
    {
        var modified = Wanted(arguments.Modified ?? implied, arguments.ModifiedFormat, now);
        var accessed = Wanted(arguments.Accessed ?? implied, arguments.AccessedFormat, now);
        if (state is not null)
        {
            modified = modified == state.Modified ? null : modified;
            accessed = accessed == state.Accessed ? null : accessed;
        }

        if (modified is null && accessed is null)
        {
            return;
        }

        plan.Changes.Add(new SetTimes(at, accessed, modified));
        if (state is not null && accessed is { } a)
        {
            plan.Note("atime", Seconds(state.Accessed), Seconds(a));
        }

        if (state is not null && modified is { } m)
        {
            plan.Note("mtime", Seconds(state.Modified), Seconds(m));
        }
    }

    private static Value Seconds(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).TotalSeconds;

    private static DateTimeOffset? Wanted(string time, string format, DateTimeOffset now) => time switch
    {
        "preserve" => null,
        "now" => now,
        _ => TryParse(time, format, out var parsed) ? parsed : null,
    };

    private static bool TryParse(string time, string format, out DateTimeOffset parsed)
    {
        var net = format
            .Replace("%Y", "yyyy", StringComparison.Ordinal).Replace("%m", "MM", StringComparison.Ordinal).Replace("%d", "dd", StringComparison.Ordinal)
            .Replace("%H", "HH", StringComparison.Ordinal).Replace("%M", "mm", StringComparison.Ordinal).Replace("%S", "ss", StringComparison.Ordinal);
        parsed = default;
        return !net.Contains('%', StringComparison.Ordinal)
            && DateTimeOffset.TryParseExact(time, net, CultureInfo.InvariantCulture, DateTimeStyles.AssumeLocal, out parsed);
    }
}
