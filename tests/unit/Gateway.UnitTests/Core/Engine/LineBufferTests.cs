using System.Text;
using Gateway.Core.Engine;

namespace Gateway.UnitTests.Core.Engine;

public sealed class LineBufferTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(100)]
    public void Lines_come_whole_whatever_pieces_they_arrive_in(int piece)
    {
        Assert.Equal(["{\"a\":1}", "b", new string('c', 50)], Read(new LineBuffer(64), "{\"a\":1}\r\nb\n\n\r\n" + new string('c', 50) + "\nnot whole", piece));
    }

    [Fact]
    public void A_line_longer_than_allowed_fills_the_buffer_and_no_more()
    {
        var buffer = new LineBuffer(64);

        Assert.Empty(Read(buffer, new string('x', 200), 16));
        Assert.True(buffer.IsFull);
    }

    private static List<string> Read(LineBuffer buffer, string text, int piece)
    {
        var lines = new List<string>();
        foreach (var part in Encoding.UTF8.GetBytes(text).Chunk(piece))
        {
            for (var rest = part.AsMemory(); rest.Length > 0 && !buffer.IsFull;)
            {
                var space = buffer.Space;
                var count = Math.Min(space.Length, rest.Length);
                rest[..count].CopyTo(space);
                rest = rest[count..];
                buffer.Added(count);
                while (buffer.TryTake(out var line))
                {
                    lines.Add(Encoding.UTF8.GetString(line.Span));
                }
            }
        }

        return lines;
    }
}
