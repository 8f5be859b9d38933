using System.Collections.Immutable;
using System.Security;
using Gateway.ContainerSupervisor.When;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.ContainerSupervisor.Configuration;

/// <summary>Reads the <c>windows</c> key.</summary>
internal static class WindowReader
{
    private const int Most = 100;
    private static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(31);

    /// <summary>The windows; empty when there are none: then changes may begin at any time.</summary>
    public static ImmutableArray<ChangeWindow> Read(YamlFields configuration, List<Failure> failures)
    {
        switch (configuration.Node("windows"))
        {
            case null:
                return [];
            case YamlSequence { Items.Length: <= Most } list:
                return [.. list.Items.Select(item => ReadOne(item, failures)).OfType<ChangeWindow>()];
            case { } node:
                configuration.Fail(node, $"'windows' must be a list of at most {Most} windows");
                return [];
        }
    }

    private static ChangeWindow? ReadOne(YamlNode node, List<Failure> failures)
    {
        var before = failures.Count;
        var fields = YamlFields.Open(node, "a window", failures);
        var schedule = fields.Required("schedule") is null ? null : fields.Text("schedule");
        var duration = fields.Required("duration") is null ? null : fields.Duration("duration");
        if (duration < Shortest || duration > Longest)
        {
            fields.Fail(fields.Node("duration")!, "'duration' must be from 1m to 31d");
        }

        var zone = Zone(fields);
        fields.RejectUnknown();
        if (failures.Count > before || schedule is null || duration is null)
        {
            return null;
        }

        try
        {
            return new ChangeWindow(schedule, duration.Value, zone);
        }
        catch (FormatException wrong)
        {
            fields.Fail(fields.Node("schedule")!, $"'schedule' must be a Quartz cron expression like 0 0 2 ? * SUN: {wrong.Message}");
            return null;
        }
    }

    /// <summary>UTC unless given: a container knows no local time.</summary>
    private static TimeZoneInfo Zone(YamlFields fields)
    {
        if (fields.Text("time_zone") is not { } name)
        {
            return TimeZoneInfo.Utc;
        }

        try
        {
            return TimeZoneInfo.FindSystemTimeZoneById(name);
        }
        catch (Exception e) when (e is TimeZoneNotFoundException or InvalidTimeZoneException or SecurityException or IOException or UnauthorizedAccessException)
        {
            fields.Fail(fields.Node("time_zone")!, $"there is no time zone '{OneLine.Of(name)}'; it must be an IANA name like Europe/Berlin, or UTC");
            return TimeZoneInfo.Utc;
        }
    }
}
