using Gateway.ContainerSupervisor.Observe;
using Gateway.Core.Reports;

namespace Gateway.UnitTests.ContainerSupervisor;

public sealed class KeptTests
{
    private int asked;

    [Fact]
    public async Task An_answer_is_kept_until_something_happens()
    {
        var kept = new Kept<int>(_ => Task.FromResult<Result<int>>(++asked));

        Assert.Equal(1, (await kept.GetAsync(keep: true, CancellationToken.None)).Value);
        Assert.Equal(1, (await kept.GetAsync(keep: true, CancellationToken.None)).Value);
        kept.Forget();
        Assert.Equal(2, (await kept.GetAsync(keep: true, CancellationToken.None)).Value);
    }

    [Fact]
    public async Task Without_events_nothing_is_kept()
    {
        var kept = new Kept<int>(_ => Task.FromResult<Result<int>>(++asked));

        await kept.GetAsync(keep: false, CancellationToken.None);
        Assert.Equal(2, (await kept.GetAsync(keep: true, CancellationToken.None)).Value);
        Assert.Equal(3, (await kept.GetAsync(keep: false, CancellationToken.None)).Value);
    }

    [Fact]
    public async Task An_answer_that_was_on_its_way_when_something_happened_is_not_kept()
    {
        var answer = new TaskCompletionSource<Result<int>>();
        var kept = new Kept<int>(_ => ++asked == 1 ? answer.Task : Task.FromResult<Result<int>>(asked));

        var old = kept.GetAsync(keep: true, CancellationToken.None);
        kept.Forget();
        answer.SetResult(1);

        Assert.Equal(1, (await old).Value);
        Assert.Equal(2, (await kept.GetAsync(keep: true, CancellationToken.None)).Value);
    }

    [Fact]
    public async Task A_failure_is_not_kept()
    {
        var kept = new Kept<int>(_ => Task.FromResult(++asked == 1 ? new Failure(Phase.Observe, "x", "y") : (Result<int>)asked));

        Assert.False((await kept.GetAsync(keep: true, CancellationToken.None)).IsSuccess);
        Assert.Equal(2, (await kept.GetAsync(keep: true, CancellationToken.None)).Value);
    }
}
