namespace Gateway.Core.Bundles;

/// <summary>Reads a stream to its end, at most so many bytes, and remembers how it ended.</summary>
internal sealed class CountedStream(Stream inner, long most) : Stream
{
    private const int Tail = 1024;
    private long read;
    private long zeros;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => read;
        set => throw new NotSupportedException();
    }

    /// <summary>Whether all was read, whole blocks of it, the last two of them zeros, as a tar archive ends.</summary>
    public bool EndsAsArchive()
    {
        var buffer = new byte[64 * 1024];
        while (Read(buffer) > 0)
        {
        }

        return read % 512 == 0 && zeros >= Tail;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var count = inner.Read(buffer);
        read += count;
        if (read > most)
        {
            throw new InvalidDataException($"it is larger than {most} bytes unpacked");
        }

        var last = buffer[..count].LastIndexOfAnyExcept((byte)0);
        zeros = last < 0 ? zeros + count : count - last - 1;
        return count;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
        }

        base.Dispose(disposing);
    }
}
