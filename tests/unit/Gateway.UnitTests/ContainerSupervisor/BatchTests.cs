using Gateway.ContainerSupervisor.Execute;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Plan;

namespace Gateway.UnitTests.ContainerSupervisor;

/// <summary>What failed is paused, and what fails for long is believed; else an update that cannot start would hang for ever.</summary>
public sealed class BatchTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly StartContainer Start = new(1, "a-one", "1");
    private readonly Batch batch = new() { NotBefore = Now.AddSeconds(2) };

    [Fact]
    public void What_the_engine_refuses_three_times_is_refused_for_good()
    {
        Assert.True(Try(FailureKind.Other));
        Assert.True(Try(FailureKind.Other));
        Assert.False(Try(FailureKind.Other));
    }

    [Fact]
    public void Something_else_desired_begins_anew()
    {
        Try(FailureKind.Other);
        Try(FailureKind.Other);
        batch.Forget();
        Assert.True(Try(FailureKind.Other));
    }

    [Theory]
    [InlineData(FailureKind.Unavailable)]
    [InlineData(FailureKind.TimedOut)]
    public void An_engine_that_does_not_answer_is_waited_for_as_long_as_it_takes(FailureKind kind) =>
        Assert.All(Enumerable.Range(0, 20), _ => Assert.True(Try(kind)));

    [Fact]
    public void The_same_step_waits_and_the_way_back_does_not()
    {
        Try(FailureKind.Other);
        Assert.True(batch.MustPause([Start], Now));
        Assert.False(batch.MustPause([Start], Now.AddSeconds(3)));
        Assert.False(batch.MustPause([new RemoveContainer(1, "a-one", "1")], Now));
    }

    private bool Try(FailureKind kind) =>
        Assert.Single(batch.Judge([new StepFailure("a", Start, new Failure(Phase.Apply, "container a-one", "no", Retryable: true) { Kind = kind })])).Failure.Retryable;
}
