using System.Globalization;
using Gateway.Playbooks.Expressions;
using Gateway.Playbooks.Expressions.Filters;

namespace Gateway.Playbooks.Modules;

/// <summary>When the facts were gathered.</summary>
internal static class ClockFacts
{
    public static DictValue Read(FactSource source)
    {
        var now = source.Gathered;
        var utc = now.ToUniversalTime();
        Value At(string format) => TimeFormat.Format(now, format);
        var epoch = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        return Results.Of(("ansible_date_time", Results.Of(
            ("date", At("%Y-%m-%d")), ("day", At("%d")), ("epoch", epoch), ("epoch_int", epoch), ("hour", At("%H")),
            ("iso8601", TimeFormat.Format(utc, "%Y-%m-%dT%H:%M:%SZ")), ("iso8601_basic", At("%Y%m%dT%H%M%S%f")), ("iso8601_basic_short", At("%Y%m%dT%H%M%S")),
            ("iso8601_micro", TimeFormat.Format(utc, "%Y-%m-%dT%H:%M:%S.%fZ")), ("minute", At("%M")), ("month", At("%m")), ("second", At("%S")), ("time", At("%H:%M:%S")),
            ("tz", source.Reader.TimeZone), ("tz_dst", source.Reader.TimeZone), ("tz_offset", At("%z")), ("weekday", At("%A")), ("weekday_number", At("%w")), ("weeknumber", At("%W")), ("year", At("%Y")))));
    }
}
