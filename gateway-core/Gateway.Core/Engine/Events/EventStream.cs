using System.Runtime.CompilerServices;
using Gateway.Core.Reports;

namespace Gateway.Core.Engine;

/// <summary>The engine's events.</summary>
internal static class EventStream
{
    public static async IAsyncEnumerable<Result<EngineEvent>> WatchAsync(
        EngineConnection connection, EventFilter filter, Action? begun, [EnumeratorCancellation] CancellationToken cancel)
    {
        var query = new Query()
            .Add("since", filter.Since is { } since ? EngineTime.Of(since) : null)
            .Filters(("type", filter.Types), ("event", filter.Actions), ("label", filter.Labels));
        var call = new EngineCall(HttpMethod.Get, $"/events{query}", "docker events");
        var opened = await connection.OpenAsync(call, cancel);
        if (!opened.TryGet(out var stream, out var wrong))
        {
            yield return wrong;
            yield break;
        }

        using var body = stream;
        begun?.Invoke();
        var failed = false;
        await foreach (var next in stream.LinesAsync(EngineJson.Default.EngineEvent, stall: null, cancel))
        {
            failed = !next.IsSuccess;
            yield return next;
        }

        if (!failed)
        {
            yield return EngineFailures.BrokenOff(call, "the stream of events ended");
        }
    }
}
