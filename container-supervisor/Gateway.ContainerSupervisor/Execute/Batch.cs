using System.Collections.Immutable;
using Gateway.Core.Mqtt;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Plan;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>The steps of one application under way, and what came of those before.</summary>
internal sealed class Batch
{
    /// <summary>What the engine refuses this often, it refuses for good.</summary>
    private const int MostTries = 3;

    private readonly Dictionary<string, int> tries = new(StringComparer.Ordinal);
    private ImmutableHashSet<string> failed = [];

    /// <summary>Until what it came to has been taken in.</summary>
    public Task<BatchOutcome>? Work { get; set; }

    public bool IsRunning => Work is { IsCompleted: false };

    /// <summary>After a failure: the same is not tried before this.</summary>
    public DateTimeOffset NotBefore { get; set; }

    /// <summary>The batch ended in waiting: look again then, if nothing happens before.</summary>
    public DateTimeOffset? LookAt { get; set; }

    public BackOff Pauses { get; } = new(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(5));

    /// <summary>Whether a step that failed a moment ago would be tried again too soon.</summary>
    public bool MustPause(ImmutableArray<Step> steps, DateTimeOffset now) => now < NotBefore && (failed.IsEmpty || steps.Any(step => failed.Contains(step.Describe())));

    /// <summary>
    /// Takes in the failures of a batch; gives them as the planner shall see them. To make or start a container may fail for a passing
    /// reason, which the engine does not tell from a lasting one (both are its status 500): tried often enough, it counts as lasting.
    /// </summary>
    public ImmutableArray<StepFailure> Judge(ImmutableArray<StepFailure> failures)
    {
        failed = [.. failures.Where(static failure => failure.Step is not PullImage).Select(static failure => failure.Step.Describe())];
        return [.. failures.Select(Judge)];
    }

    /// <summary>Something else is desired, or all is well: what failed before does not count.</summary>
    public void Forget()
    {
        NotBefore = default;
        failed = [];
        tries.Clear();
        Pauses.Reset();
    }

    private StepFailure Judge(StepFailure failure)
    {
        if (failure is not { Step: CreateContainer or StartContainer, Failure: { Retryable: true, Kind: FailureKind.Other } })
        {
            return failure;
        }

        var step = failure.Step.Describe();
        var count = tries[step] = tries.GetValueOrDefault(step) + 1;
        return count < MostTries ? failure : failure with { Failure = failure.Failure with { Retryable = false } };
    }
}
