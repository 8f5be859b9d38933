using Gateway.ContainerSupervisor.Running;

namespace Gateway.UnitTests.ContainerSupervisor;

public sealed class SignalTests : IDisposable
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(30);
    private readonly Signal signal = new();

    public void Dispose() => signal.Dispose();

    [Fact]
    public async Task What_happens_while_a_burst_gathers_is_looked_at_once()
    {
        signal.Raise();
        Assert.True(await signal.WaitAsync(Long, CancellationToken.None));
        signal.Raise();
        signal.Raise();
        await signal.GatherAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None);

        Assert.False(await signal.WaitAsync(TimeSpan.Zero, CancellationToken.None));
        signal.Raise();
        Assert.True(await signal.WaitAsync(TimeSpan.Zero, CancellationToken.None));
    }

    [Fact]
    public async Task What_is_urgent_ends_the_gathering()
    {
        var gathering = signal.GatherAsync(TimeSpan.FromMinutes(10), CancellationToken.None);
        signal.Raise();
        Assert.False(gathering.IsCompleted);
        signal.RaiseAtOnce();

        await gathering.WaitAsync(Long);
    }
}
