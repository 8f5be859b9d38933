using System.Collections.Immutable;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Methods;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>Times and texts.</summary>
internal static class TimeFilters
{
    public static ImmutableArray<Filter> All { get; } = [new("to_datetime", ToTime), new("strftime", ToText)];

    private static TimeValue ToTime(Evaluator evaluator, Value value, Arguments arguments)
    {
        var format = arguments.Bind("to_datetime", 0, "format")[0] is { } given ? evaluator.Budget.Str(given) : "%Y-%m-%d %H:%M:%S";
        return TimeFormat.Parse(evaluator.Budget.Str(value), format);
    }

    /// <summary>The value is the format; the argument is seconds since 1970, now when it is not given.</summary>
    private static TextValue ToText(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("strftime", 0, "second", "utc");
        var now = evaluator.Resolver.Machine.Now;
        var time = bound[0] is null or NullValue ? now : Seconds(bound[0]!);
        time = bound[1]?.IsTrue == true ? time.ToUniversalTime() : time.ToOffset(now.Offset);
        return evaluator.Budget.Text(TimeFormat.Format(time, TextMethods.Text(value)));
    }

    private static DateTimeOffset Seconds(Value value)
    {
        var seconds = value is TextValue text && double.TryParse(text.Value, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : PythonEquality.Number(value);
        return seconds is > -6e10 and < 2.5e11
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds.Value)
            : throw new TemplateException($"Invalid value for epoch value ({value})");
    }
}
