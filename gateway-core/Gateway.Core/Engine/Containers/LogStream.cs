using System.Runtime.CompilerServices;
using Gateway.Core.Reports;

namespace Gateway.Core.Engine;

/// <summary>Reads a container's output; made for one reading.</summary>
internal sealed class LogStream(EngineConnection connection, EngineCall call, bool isRaw)
{
    /// <summary>Whether the reading ended because of its limit.</summary>
    public bool IsTruncated { get; private set; }

    /// <summary>
    /// The lines, in batches as they come, until <paramref name="maxBytes"/> are read, or it ends, or a failure as the last element.
    /// A batch is valid until the next one.
    /// </summary>
    public async IAsyncEnumerable<Result<IReadOnlyList<LogLine>>> BatchesAsync(long maxBytes, TimeSpan? stall, [EnumeratorCancellation] CancellationToken cancel)
    {
        var opened = await connection.OpenAsync(call, cancel);
        if (!opened.TryGet(out var stream, out var wrong))
        {
            yield return wrong;
            yield break;
        }

        using var body = stream;
        var frames = new LogFrames(isRaw);
        var lines = new List<LogLine>();
        var buffer = new byte[16 * 1024];
        for (var left = maxBytes; ;)
        {
            var room = (int)Math.Min(left, buffer.Length);
            var read = room == 0 ? 0 : await stream.ReadAsync(buffer.AsMemory(0, room), stall, cancel);
            if (!read.TryGet(out var count, out wrong))
            {
                yield return wrong;
                yield break;
            }

            frames.Add(buffer.AsSpan(0, count), lines);
            left -= count;
            IsTruncated = room == 0;
            if (count == 0)
            {
                frames.End(lines);
            }

            yield return lines;
            lines.Clear();
            if (frames.IsBroken)
            {
                yield return new Failure(Phase.Observe, call.Subject, "the Docker engine's log stream is not in frames as its API promises");
            }

            if (frames.IsBroken || count == 0)
            {
                yield break;
            }
        }
    }
}
