using System.Text;
using Gateway.ContainerSupervisor.Logging;

namespace Gateway.UnitTests.ContainerSupervisor.Logging;

public sealed class LogBufferTests
{
    [Fact]
    public void Lines_go_out_together_in_their_order()
    {
        var buffer = new LogBuffer();
        Assert.Null(buffer.Take());
        buffer.Add("one", 0);
        buffer.Add("zwölf", 1);
        Assert.Equal("one\nzwölf\n", Encoding.UTF8.GetString(buffer.Take()!));
        Assert.Null(buffer.Take());
    }

    [Fact]
    public void Too_many_lines_are_dropped_counted_and_said()
    {
        var buffer = new LogBuffer();
        for (var i = 0; i < 10_000; i++)
        {
            buffer.Add("x", 1_000_000);
        }

        var lines = Encoding.UTF8.GetString(buffer.Take()!).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(LogBuffer.LinesPerSecond * 2, lines.Count(line => line == "x"));
        Assert.Equal("[gateway] dropped 9800 lines", lines[^1]);
        // A second later there is room again.
        buffer.Add("later", 1_001_000);
        Assert.Equal("later\n", Encoding.UTF8.GetString(buffer.Take()!));
    }

    [Fact]
    public void Long_lines_are_held_to_the_bytes_a_second_whatever_takes_them()
    {
        var buffer = new LogBuffer();
        long taken = 0;
        for (var second = 0; second < 60; second++)
        {
            for (var i = 0; i < 50; i++)
            {
                buffer.Add(new string('y', 10_000), 1_000_000 + (second * 1000));
            }

            taken += buffer.Take()?.Length ?? 0;
        }

        Assert.InRange(taken, 30 * LogBuffer.BytesPerSecond, 64 * LogBuffer.BytesPerSecond);
    }

    [Fact]
    public void Nobody_takes_them_and_the_memory_stays_bounded()
    {
        var buffer = new LogBuffer();
        for (var second = 0; second < 1000; second++)
        {
            buffer.Add(new string('y', 10_000), 1_000_000 + (second * 1000));
        }

        Assert.InRange(buffer.Take()!.Length, 1, 70 * 1024);
    }
}
