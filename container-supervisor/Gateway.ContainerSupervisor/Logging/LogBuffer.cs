using System.Globalization;
using System.Text;
using Gateway.ContainerSupervisor.Running;

namespace Gateway.ContainerSupervisor.Logging;

/// <summary>Lines on their way to the broker, at most so many a second and so many bytes; what is too much is dropped and counted. The time is an argument.</summary>
internal sealed class LogBuffer
{
    /// <summary>Lines a second in the long run.</summary>
    public const int LinesPerSecond = 100;

    /// <summary>Bytes a second in the long run.</summary>
    public const int BytesPerSecond = 32 * 1024;

    /// <summary>What a line of ours begins with, among the container's.</summary>
    public const string Note = "[gateway] ";

    private const int LargestBuffer = 64 * 1024;

    private readonly Lock gate = new();
    private readonly Pace lines = new(LinesPerSecond, LinesPerSecond * 2);
    private readonly Pace bytes = new(BytesPerSecond, BytesPerSecond * 2);
    private readonly StringBuilder text = new();
    private int size;
    private long dropped;

    /// <summary>Takes a line, or drops it.</summary>
    public void Add(string line, long now)
    {
        var length = Encoding.UTF8.GetByteCount(line) + 1;
        lock (gate)
        {
            if (size + length > LargestBuffer || !lines.TryTake(now) || !bytes.TryTake(now, length))
            {
                dropped++;
                return;
            }

            TellDropped();
            text.Append(line).Append('\n');
            size += length;
        }
    }

    /// <summary>A line of our own, never dropped; for few.</summary>
    public void AddNote(string line)
    {
        lock (gate)
        {
            TellDropped();
            text.Append(Note).Append(line).Append('\n');
        }
    }

    /// <summary>All lines since the last time, UTF-8, each ended by a line feed; null when there are none.</summary>
    public byte[]? Take()
    {
        lock (gate)
        {
            TellDropped();
            if (text.Length == 0)
            {
                return null;
            }

            var taken = Encoding.UTF8.GetBytes(text.ToString());
            text.Clear();
            size = 0;
            return taken;
        }
    }

    private void TellDropped()
    {
        if (dropped > 0)
        {
            text.Append(Note).Append(CultureInfo.InvariantCulture, $"dropped {dropped} lines\n");
            dropped = 0;
        }
    }
}
