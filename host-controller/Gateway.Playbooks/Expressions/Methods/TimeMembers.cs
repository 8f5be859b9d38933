using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Filters;

namespace Gateway.Playbooks.Expressions.Methods;

/// <summary>What Python's datetime and timedelta offer.</summary>
internal static class TimeMembers
{
    public static Value? Of(TimeValue time, string name) => name switch
    {
        "year" => (long)time.Value.Year,
        "month" => (long)time.Value.Month,
        "day" => (long)time.Value.Day,
        "hour" when !time.IsDate => (long)time.Value.Hour,
        "minute" when !time.IsDate => (long)time.Value.Minute,
        "second" when !time.IsDate => (long)time.Value.Second,
        "microsecond" when !time.IsDate => time.Value.Ticks % TimeSpan.TicksPerSecond / 10,
        "strftime" => Method(name, (evaluator, arguments) => evaluator.Budget.Text(TimeFormat.Format(time.Value, evaluator.Budget.Str(arguments.Bind(name, 1, "format")[0]!)))),
        "isoformat" => Method(name, (evaluator, _) => evaluator.Budget.Text(PythonText.Str(time).Replace(' ', 'T'))),
        "timestamp" when !time.IsDate => Method(name, (_, _) => (time.Value - DateTimeOffset.UnixEpoch).TotalSeconds),
        "weekday" => Method(name, (_, _) => (long)(((int)time.Value.DayOfWeek + 6) % 7)),
        "isoweekday" => Method(name, (_, _) => (long)((((int)time.Value.DayOfWeek + 6) % 7) + 1)),
        "date" when !time.IsDate => Method(name, (_, _) => new TimeValue(new DateTimeOffset(time.Value.Date, TimeSpan.Zero), IsDate: true, HasOffset: false)),
        _ => null,
    };

    public static Value? Of(SpanValue span, string name) => name switch
    {
        "days" => (long)Math.Floor(span.Value.TotalDays),
        "seconds" => (long)PythonSpan.WithinDay(span.Value).TotalSeconds,
        "microseconds" => PythonSpan.WithinDay(span.Value).Ticks % TimeSpan.TicksPerSecond / 10,
        "total_seconds" => Method(name, (_, _) => span.Value.TotalSeconds),
        _ => null,
    };

    private static CallableValue Method(string name, Func<Evaluator, Arguments, Value> call) => new(name, call);
}
