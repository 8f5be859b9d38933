using System.Buffers;
using System.Text;

namespace Gateway.Core.Processes;

/// <summary>Drains a child's output, keeping the first bytes, so that a talkative child neither blocks nor fills memory.</summary>
internal sealed class BoundedOutput(Stream stream, int limit)
{
    private readonly ArrayBufferWriter<byte> kept = new();
    private readonly Lock gate = new();
    private bool overflowed;

    /// <summary>Whether something was dropped.</summary>
    public bool Truncated
    {
        get
        {
            lock (gate)
            {
                return overflowed;
            }
        }
    }

    /// <summary>What was kept so far.</summary>
    public string Text
    {
        get
        {
            lock (gate)
            {
                return Encoding.UTF8.GetString(kept.WrittenSpan);
            }
        }
    }

    /// <summary>Reads to the end; true when it got there, false when cancelled before.</summary>
    public async Task<bool> DrainAsync(CancellationToken cancellation)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await stream.ReadAsync(buffer, cancellation) is var count and > 0)
            {
                Keep(buffer.AsSpan(0, count));
            }

            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Keep(ReadOnlySpan<byte> bytes)
    {
        lock (gate)
        {
            var room = limit - kept.WrittenCount;
            overflowed |= bytes.Length > room;
            kept.Write(bytes[..Math.Min(bytes.Length, room)]);
        }
    }
}
