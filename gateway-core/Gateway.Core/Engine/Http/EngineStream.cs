using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Core.Reports;

namespace Gateway.Core.Engine;

/// <summary>An answer that goes on: the caller reads its body and disposes of it.</summary>
internal sealed class EngineStream(EngineCall call, HttpResponseMessage response, Stream body) : IDisposable
{
    private const int LongestLine = 1024 * 1024;

    public Stream Body => body;

    public string ContentType => response.Content.Headers.ContentType?.MediaType ?? "";

    /// <summary>
    /// The next lines of a stream of JSON objects, one a line, until it ends. A line that is not JSON, a line too long, a broken connection
    /// and a silence longer than <paramref name="stall"/> end it with a failure; no stall means silence is fine.
    /// </summary>
    public async IAsyncEnumerable<Result<T>> LinesAsync<T>(JsonTypeInfo<T> type, TimeSpan? stall, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var lines = new LineBuffer(LongestLine);
        while (true)
        {
            while (lines.TryTake(out var line))
            {
                var parsed = Parse(line, type);
                yield return parsed;
                if (!parsed.IsSuccess)
                {
                    yield break;
                }
            }

            if (lines.IsFull)
            {
                yield return EngineFailures.TooLong(call, LongestLine);
                yield break;
            }

            var read = await ReadAsync(lines.Space, stall, cancel);
            if (!read.TryGet(out var count, out var wrong))
            {
                yield return wrong;
                yield break;
            }

            if (count == 0)
            {
                yield break;
            }

            lines.Added(count);
        }
    }

    /// <summary>Reads some bytes; 0 is the end.</summary>
    public async Task<Result<int>> ReadAsync(Memory<byte> buffer, TimeSpan? stall, CancellationToken cancel)
    {
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (stall is { } limit)
        {
            inTime.CancelAfter(limit);
        }

        try
        {
            return await body.ReadAsync(buffer, inTime.Token);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return EngineFailures.TimedOut(call, stall!.Value);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            cancel.ThrowIfCancellationRequested();
            return EngineFailures.BrokenOff(call, SystemErrors.Text(e));
        }
    }

    public void Dispose()
    {
        body.Dispose();
        response.Dispose();
    }

    private Result<T> Parse<T>(ReadOnlyMemory<byte> line, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(line.Span, type) is { } value ? value : EngineFailures.Unreadable(call, new JsonException("null"));
        }
        catch (JsonException e)
        {
            return EngineFailures.Unreadable(call, e);
        }
    }
}
