using System.Collections.Immutable;
using Gateway.Reconciliation.Observed;

namespace Gateway.Reconciliation.Plan;

/// <summary>One application's part of what a plan looks at.</summary>
/// <param name="Name">The application.</param>
/// <param name="World">All that is there.</param>
/// <param name="Input">The rest.</param>
/// <param name="Mine">The application's containers.</param>
internal sealed record Scope(string Name, World World, PlanInput Input, ImmutableArray<ObservedContainer> Mine)
{
    public DateTimeOffset Now => Input.Now;

    public ImagePolicy Images { get; } = new(World, Input.Pulls, Input.Now);

    public static Scope Of(string application, World world, PlanInput input) => new(application, world, input, world.Of(application));
}
