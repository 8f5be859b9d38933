using System.Collections.Immutable;
using Gateway.ContainerSupervisor.Execute;
using Gateway.Core.Engine;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;
using ContainerState = Gateway.Reconciliation.Observed.ContainerState;

namespace Gateway.UnitTests.ContainerSupervisor;

public sealed class StepExecutorTests
{
    public static TheoryData<Step> Steps => [new StopContainer(0, "x", "id"), new RenameContainer(0, "x", "id", "y"), new RemoveContainer(0, "x", "id")];

    /// <summary>Whatever the planner says: the last line of defence. There is no engine here, so it is not even asked.</summary>
    [Theory]
    [MemberData(nameof(Steps))]
    public async Task A_container_that_is_not_ours_or_is_the_supervisor_is_never_touched(Step step)
    {
        using var docker = new DockerClient("/nonexistent/docker.sock");
        var executor = new StepExecutor(docker, new InlineFiles("/nonexistent", docker, Serilog.Core.Logger.None), Serilog.Core.Logger.None);
        var own = ImmutableSortedDictionary<string, string>.Empty.Add("io.gateway.application", "app").Add("io.gateway.role", "supervisor");
        foreach (var labels in new[] { ImmutableSortedDictionary<string, string>.Empty, own })
        {
            var seen = ObservedState.Empty with { Containers = [new ObservedContainer { Id = "id", Name = "x", State = ContainerState.Running, Labels = labels }] };
            var done = await executor.ExecuteAsync(step, seen, CancellationToken.None);
            Assert.Contains("is not one of ours", done.Failure.Message, StringComparison.Ordinal);
        }
    }
}
