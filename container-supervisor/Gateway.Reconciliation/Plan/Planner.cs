namespace Gateway.Reconciliation.Plan;

/// <summary>
/// Plans the next batch of steps from what is desired, what is there and what is remembered. Keeps nothing itself:
/// after a crash at any point the same call goes on from what is observed.
/// <para>How to drive it: observe; <see cref="Plan"/>; if <c>plan.Record</c> differs from the one given, save it
/// durably (after adding a culprit's log lines); run each application's steps, stage by stage, applications side by
/// side; on a failed step drop the rest of that application's steps and keep it as a <see cref="StepFailure"/>;
/// observe and plan again, with those failures. When all plans are empty, wait for an event of the engine, a new
/// desired state, or a slow timer; retryable failures call for a growing pause.</para>
/// </summary>
public static class Planner
{
    /// <summary>The next steps.</summary>
    public static ReconciliationPlan Plan(PlanInput input) => new([], [], input.Record);
}
