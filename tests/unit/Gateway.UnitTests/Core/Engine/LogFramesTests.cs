using System.Buffers.Binary;
using System.Text;
using Gateway.Core.Engine;

namespace Gateway.UnitTests.Core.Engine;

public sealed class LogFramesTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(1000)]
    public void Frames_are_taken_apart_whatever_pieces_they_come_in(int piece)
    {
        byte[] stream = [.. Frame(1, "one\ntw"), .. Frame(2, "bad\r\n"), .. Frame(1, ""), .. Frame(1, "o\n\nlast")];

        var (lines, frames) = Read(stream, piece);

        Assert.False(frames.IsBroken);
        Assert.Equal([new(false, "one"), new(true, "bad"), new(false, "two"), new(false, ""), new(false, "last")], lines);
    }

    [Fact]
    public void A_terminals_output_is_taken_as_it_is()
    {
        var lines = new List<LogLine>();
        var frames = new LogFrames(isRaw: true);
        frames.Add("one\r\ntwo"u8, lines);
        frames.End(lines);

        Assert.Equal([new(false, "one"), new(false, "two")], lines);
    }

    [Fact]
    public void A_line_without_end_is_cut_into_pieces()
    {
        var (lines, _) = Read(Frame(1, new string('x', 40_000)), 4096);

        Assert.Equal([16384, 16384, 7232], lines.Select(line => line.Text.Length));
    }

    [Theory]
    [InlineData("HTTP/1.1 nonsense")]
    [InlineData("\u0003\0\0\0\0\0\0\u0001x")]
    public void What_is_no_frame_is_noticed(string text)
    {
        Assert.True(Read(Encoding.ASCII.GetBytes(text), 5).Frames.IsBroken);
    }

    [Fact]
    public void A_frame_that_claims_four_gigabytes_needs_no_memory()
    {
        byte[] head = [1, 0, 0, 0, 0xff, 0xff, 0xff, 0xff];

        var (lines, frames) = Read([.. head, .. "short\n"u8], 4);

        Assert.False(frames.IsBroken);
        Assert.Equal([new(false, "short")], lines);
    }

    private static byte[] Frame(byte kind, string text)
    {
        var head = new byte[8];
        head[0] = kind;
        BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4), text.Length);
        return [.. head, .. Encoding.ASCII.GetBytes(text)];
    }

    private static (List<LogLine> Lines, LogFrames Frames) Read(byte[] stream, int piece)
    {
        var lines = new List<LogLine>();
        var frames = new LogFrames(isRaw: false);
        foreach (var part in stream.Chunk(piece))
        {
            frames.Add(part, lines);
        }

        frames.End(lines);
        return (lines, frames);
    }
}
