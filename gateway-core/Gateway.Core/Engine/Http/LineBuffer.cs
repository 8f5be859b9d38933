namespace Gateway.Core.Engine;

/// <summary>Cuts a byte stream into lines, of at most <paramref name="longest"/> bytes; empty lines are skipped.</summary>
internal sealed class LineBuffer(int longest)
{
    private byte[] buffer = new byte[Math.Min(longest, 8 * 1024)];
    private int start;
    private int end;
    private int searched;

    /// <summary>Whether a line is longer than allowed: nothing can be added any more.</summary>
    public bool IsFull => end - start >= longest;

    /// <summary>Where to put what comes next; never empty unless <see cref="IsFull"/>.</summary>
    public Memory<byte> Space
    {
        get
        {
            MakeRoom();
            return buffer.AsMemory(end);
        }
    }

    /// <summary>So many bytes were put into <see cref="Space"/>.</summary>
    public void Added(int count) => end += count;

    /// <summary>The next whole line without its end; it is valid until the next use of <see cref="Space"/>.</summary>
    public bool TryTake(out ReadOnlyMemory<byte> line)
    {
        while (buffer.AsSpan(searched, end - searched).IndexOf((byte)'\n') is var at and >= 0)
        {
            var stop = searched + at;
            line = buffer.AsMemory(start, stop - start);
            start = searched = stop + 1;
            if (line.Length > 0 && line.Span[^1] == '\r')
            {
                line = line[..^1];
            }

            if (line.Length > 0)
            {
                return true;
            }
        }

        searched = end;
        line = default;
        return false;
    }

    private void MakeRoom()
    {
        if (start > 0)
        {
            buffer.AsSpan(start, end - start).CopyTo(buffer);
            end -= start;
            searched -= start;
            start = 0;
        }

        if (end == buffer.Length && buffer.Length < longest)
        {
            Array.Resize(ref buffer, Math.Min(longest, buffer.Length * 2));
        }
    }
}
