using System.Text;

namespace Gateway.Core.Engine;

/// <summary>Cuts one stream of a container's output into lines of at most 16 KiB.</summary>
internal sealed class LogLineCutter(bool isError)
{
    private const int Longest = 16 * 1024;

    private readonly List<byte> begun = [];

    public void Add(ReadOnlySpan<byte> bytes, ICollection<LogLine> lines)
    {
        while (bytes.Length > 0)
        {
            var room = bytes[..Math.Min(bytes.Length, Longest - begun.Count)];
            var at = room.IndexOf((byte)'\n');
            var part = at < 0 ? room : room[..at];
            begun.AddRange(part);
            bytes = bytes[(at < 0 ? part.Length : at + 1)..];
            if (at >= 0 || begun.Count >= Longest)
            {
                Take(lines);
            }
        }
    }

    public void End(ICollection<LogLine> lines)
    {
        if (begun.Count > 0)
        {
            Take(lines);
        }
    }

    private void Take(ICollection<LogLine> lines)
    {
        lines.Add(new LogLine(isError, Encoding.UTF8.GetString(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(begun)).TrimEnd('\r')));
        begun.Clear();
    }
}
