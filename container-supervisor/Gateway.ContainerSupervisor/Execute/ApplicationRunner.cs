using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>What a batch of steps came to.</summary>
/// <param name="Failures">Steps that failed; the rest of the batch was dropped.</param>
/// <param name="WaitUntil">A batch that ends in waiting: when to look again at the latest.</param>
internal sealed record BatchOutcome(ImmutableArray<StepFailure> Failures, DateTimeOffset? WaitUntil);

/// <summary>Runs the steps of one application, stage by stage, the steps of a stage side by side.</summary>
internal sealed class ApplicationRunner(StepExecutor executor, Puller puller)
{
    /// <summary>More at once make the engine slower, not faster; and a storm of starts must leave something to the rest of the machine.</summary>
    private const int AtOnce = 8;

    /// <summary>To be called before the batch is run.</summary>
    public void Restore(ApplicationPlan application) => executor.Restore(application);

    /// <summary>
    /// Runs the batch. Pulls go on in the background: what stands beside one is done, what stands after it is dropped
    /// and planned again when it has ended.
    /// </summary>
    public async Task<BatchOutcome> RunAsync(string application, ImmutableArray<Step> steps, ObservedState observed, CancellationToken cancellation)
    {
        using var places = new SemaphoreSlim(AtOnce);
        foreach (var stage in steps.GroupBy(step => step.Stage).OrderBy(stage => stage.Key))
        {
            cancellation.ThrowIfCancellationRequested();
            var pulls = stage.OfType<PullImage>().ToImmutableArray();
            var failures = pulls
                .Select(pull => Failed(application, pull, puller.Ask(application, pull.Image) ?? default(Nothing)))
                .Concat(await Task.WhenAll(stage.Where(IsPlain).Select(async step => Failed(application, step, await ExecuteAsync(step, observed, places, cancellation)))))
                .OfType<StepFailure>()
                .ToImmutableArray();
            var wait = stage.OfType<WaitForContainers>().Select(step => (DateTimeOffset?)step.Until).Min();
            if (!failures.IsEmpty || !pulls.IsEmpty || wait is not null)
            {
                return new BatchOutcome(failures, wait);
            }
        }

        return new BatchOutcome([], null);
    }

    /// <summary>
    /// When a batch would only wait, for containers or for downloads that go on anyway: when to look again at the latest
    /// (an event or the end of a download comes sooner). Null when there is something to begin.
    /// </summary>
    public DateTimeOffset? WaitsUntil(ImmutableArray<Step> steps)
    {
        var stage = steps.Min(static step => step.Stage);
        var first = steps.Where(step => step.Stage == stage).ToList();
        return first.All(step => step is WaitForContainers || (step is PullImage pull && puller.IsUnderWay(pull.Image)))
            ? first.OfType<WaitForContainers>().Select(static wait => wait.Until).DefaultIfEmpty(DateTimeOffset.MaxValue).Min()
            : null;
    }

    private async Task<Result<Nothing>> ExecuteAsync(Step step, ObservedState observed, SemaphoreSlim places, CancellationToken cancellation)
    {
        // A stop costs nothing but its grace period, which all of them may spend together.
        if (step is StopContainer)
        {
            return await executor.ExecuteAsync(step, observed, cancellation);
        }

        await places.WaitAsync(cancellation);
        try
        {
            return await executor.ExecuteAsync(step, observed, cancellation);
        }
        finally
        {
            places.Release();
        }
    }

    private static bool IsPlain(Step step) => step is not (PullImage or WaitForContainers);

    private static StepFailure? Failed(string application, Step step, Result<Nothing> result) =>
        result.IsSuccess ? null : new StepFailure(application, step, result.Failure);
}
