using System.Buffers.Binary;

namespace Gateway.Core.Engine;

/// <summary>
/// Takes the engine's log stream apart (docs.docker.com/reference/api/engine, "Stream format" of attach): frames of an 8-byte head
/// (1 standard output, 2 standard error; three zeros; length, big endian) and that many bytes; bytes as they are for a container with a
/// terminal. Gives lines; bytes may be added in pieces of any size.
/// </summary>
internal sealed class LogFrames
{
    private const int HeadLength = 8;

    private readonly bool isRaw;
    private readonly byte[] head = new byte[HeadLength];
    private readonly LogLineCutter output = new(isError: false);
    private readonly LogLineCutter error = new(isError: true);
    private int headFilled;
    private uint left;
    private LogLineCutter current;

    /// <param name="isRaw">Whether the container has a terminal, so that there are no frames.</param>
    public LogFrames(bool isRaw)
    {
        this.isRaw = isRaw;
        current = output;
    }

    /// <summary>Whether the stream is not what the engine promises; nothing more is read from it.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>The lines that these bytes complete.</summary>
    public void Add(ReadOnlySpan<byte> bytes, ICollection<LogLine> lines)
    {
        if (isRaw)
        {
            output.Add(bytes, lines);
            return;
        }

        while (bytes.Length > 0 && !IsBroken)
        {
            if (left == 0)
            {
                bytes = TakeHead(bytes);
                continue;
            }

            var part = bytes[..(int)Math.Min(left, (uint)bytes.Length)];
            current.Add(part, lines);
            left -= (uint)part.Length;
            bytes = bytes[part.Length..];
        }
    }

    /// <summary>The last lines, which had no line break.</summary>
    public void End(ICollection<LogLine> lines)
    {
        output.End(lines);
        error.End(lines);
    }

    private ReadOnlySpan<byte> TakeHead(ReadOnlySpan<byte> bytes)
    {
        var part = bytes[..Math.Min(HeadLength - headFilled, bytes.Length)];
        part.CopyTo(head.AsSpan(headFilled));
        headFilled += part.Length;
        if (headFilled == HeadLength)
        {
            headFilled = 0;
            IsBroken = head[0] > 2 || head[1] != 0 || head[2] != 0 || head[3] != 0;
            current = head[0] == 2 ? error : output;
            left = BinaryPrimitives.ReadUInt32BigEndian(head.AsSpan(4));
        }

        return bytes[part.Length..];
    }
}
