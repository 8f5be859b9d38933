using Gateway.ContainerSupervisor.Execute;
using Gateway.Core.Engine;
using Gateway.Core.State;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Plan;

namespace Gateway.UnitTests.ContainerSupervisor;

/// <summary>A batch that only waits must not be begun: it would end at once, and the loop would spin for as long as it waits.</summary>
public sealed class WaitingTests : IDisposable
{
    private static readonly DateTimeOffset Soon = new(2026, 1, 1, 0, 0, 3, TimeSpan.Zero);
    private readonly DockerClient docker = new("/nonexistent/docker.sock");
    private readonly Puller puller;
    private readonly ApplicationRunner runner;

    public WaitingTests()
    {
        var log = Serilog.Core.Logger.None;
        var space = new SpaceGuard(docker, "/", Disk.Space, log);
        puller = new Puller(new ImageFetch(docker, space, credentials: null, log), log, CancellationToken.None);
        runner = new ApplicationRunner(new StepExecutor(docker, new InlineFiles("/nonexistent", docker, log), log), puller);
    }

    public void Dispose()
    {
        puller.Dispose();
        docker.Dispose();
    }

    [Fact]
    public void Waiting_for_containers_alone_is_left_until_its_time() =>
        Assert.Equal(Soon, runner.WaitsUntil([new WaitForContainers(1, ["a"], Soon), new StartContainer(2, "b", null)]));

    [Fact]
    public void What_stands_beside_the_waiting_is_begun() =>
        Assert.Null(runner.WaitsUntil([new WaitForContainers(1, ["a"], Soon), new StartContainer(1, "b", null)]));

    [Fact]
    public async Task A_download_is_begun_once_and_its_failure_is_told_once()
    {
        Assert.True(ImageReference.TryParse("127.0.0.1:5000/a:1", out var image));
        var ended = new TaskCompletionSource();
        puller.OnEnd = ended.SetResult;
        Assert.Null(runner.WaitsUntil([new PullImage(1, image)]));

        Assert.Null(puller.Ask("app", image));
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Null(runner.WaitsUntil([new PullImage(1, image)]));
        Assert.False(puller.Ask("app", image)!.Value.IsSuccess);
        Assert.Equal(DateTimeOffset.MaxValue, runner.WaitsUntil([new PullImage(1, image)]));
    }
}
