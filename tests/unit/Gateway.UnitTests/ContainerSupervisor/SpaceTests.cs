using Gateway.ContainerSupervisor.Execute;
using Gateway.Core.Engine;
using Gateway.Core.Registry;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Reconciliation.Desired;

namespace Gateway.UnitTests.ContainerSupervisor;

public sealed class SpaceTests : IDisposable
{
    private const long Mib = 1024 * 1024;
    private readonly DockerClient docker = new("/nonexistent/docker.sock");

    public void Dispose() => docker.Dispose();

    [Fact]
    public void Layers_count_as_present_only_from_the_bottom_up()
    {
        var image = new[] { new ImageLayer("a", 5), new ImageLayer("b", 7), new ImageLayer("c", 11) };

        Assert.Equal(23, SpaceNeed.Of([.. image], []).Download);
        Assert.Equal(11, SpaceNeed.Of([.. image], [["a", "x"], ["a", "b", "x"]]).Download);
        Assert.Equal(23, SpaceNeed.Of([.. image], [["b", "c"]]).Download);
        Assert.Equal(0, SpaceNeed.Of([.. image], [["a", "b", "c"]]).Download);
    }

    [Fact]
    public void What_must_stay_free_is_a_share_of_a_small_disk_and_bounded_on_a_large_one()
    {
        Assert.Equal(50 * Mib, SpaceNeed.Reserve(new DiskSpace(0, 1000 * Mib)));
        Assert.Equal(256 * Mib, SpaceNeed.Reserve(new DiskSpace(0, 1_000_000 * Mib)));
    }

    [Theory]
    [InlineData(255, true)]
    [InlineData(256, false)]
    public async Task A_registry_that_cannot_be_asked_leaves_only_what_must_stay_free(long free, bool refused)
    {
        Assert.True(ImageReference.TryParse("127.0.0.1:9/a:1", out var image));
        var guard = new SpaceGuard(docker, "/", _ => new DiskSpace(free * Mib, 100_000 * Mib), Serilog.Core.Logger.None);

        var failure = await guard.RefuseAsync(image, new EngineInfo(), auth: null, CancellationToken.None);

        Assert.Equal(refused, failure is not null);
        Assert.Equal(refused, guard.Stop(image, new EngineInfo()) is not null);
        if (failure is not null)
        {
            Assert.Equal((FailureKind.DiskFull, true), (failure.Kind, failure.Retryable));
            Assert.Contains("255 MiB are free", failure.Message, StringComparison.Ordinal);
            Assert.Contains("256 MiB must stay free", failure.Message, StringComparison.Ordinal);
        }
    }
}
