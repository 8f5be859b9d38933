using Gateway.ContainerSupervisor.Execute;
using Gateway.Core.Engine;

namespace Gateway.UnitTests.ContainerSupervisor;

public sealed class PullMeterTests
{
    private const long Mib = 1024 * 1024;

    [Fact]
    public void Layers_are_added_up_as_they_come()
    {
        var meter = new PullMeter();
        meter.Take(new PullProgress("", "Pulling from x", 0, 0));
        meter.Take(new PullProgress("a", "Pulling fs layer", 0, 0));
        Assert.Null(meter.ToString());

        meter.Take(new PullProgress("a", "Downloading", 2 * Mib, 30 * Mib));
        meter.Take(new PullProgress("b", "Downloading", 10 * Mib, 10 * Mib));
        Assert.Equal("12 of 40 MiB", meter.ToString());

        meter.Take(new PullProgress("a", "Download complete", 0, 0));
        meter.Take(new PullProgress("b", "Extracting", 1 * Mib, 10 * Mib));
        meter.Take(new PullProgress("c", "Already exists", 0, 0));
        Assert.Equal((40 * Mib, 40 * Mib), meter.Amount);
    }
}
