using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Plan;

/// <summary>
/// One thing to do, as data. Every step may be repeated: the executor takes "is already so" (not modified, not found
/// on removal) for success.
/// </summary>
/// <param name="Stage">Steps of one stage may run side by side; a stage begins when the one before ended without failure.</param>
public abstract record Step(int Stage)
{
    /// <summary>One line for <c>apply --check</c> and the log.</summary>
    public abstract string Describe();
}

/// <summary>
/// Pull an image and see that it has the digest. May run in the background for as long as it takes: plan again
/// meanwhile; the step comes again, the same, until the image is observed.
/// </summary>
public sealed record PullImage(int Stage, ImageReference Image) : Step(Stage)
{
    public override string Describe() => $"pull {Image}";
}

/// <summary>Make a network.</summary>
/// <param name="Stage">Its stage.</param>
/// <param name="Name">The engine's name of it.</param>
/// <param name="Body">Body of <c>POST /networks/create</c>.</param>
public sealed record CreateNetwork(int Stage, string Name, JsonObject Body) : Step(Stage)
{
    public override string Describe() => $"create network {Name}";
}

/// <summary>Make a volume.</summary>
/// <param name="Stage">Its stage.</param>
/// <param name="Name">The engine's name of it.</param>
/// <param name="Body">Body of <c>POST /volumes/create</c>.</param>
public sealed record CreateVolume(int Stage, string Name, JsonObject Body) : Step(Stage)
{
    public override string Describe() => $"create volume {Name}";
}

/// <summary>
/// Make a container and connect it to <c>Spec.MoreNetworks</c>; when connecting fails the executor removes the
/// container again, so that what is observed under the name is always whole.
/// </summary>
public sealed record CreateContainer(int Stage, string Name, ContainerSpec Spec) : Step(Stage)
{
    public override string Describe() => $"create container {Name} from {Spec.Service.Image}";
}

/// <summary>Start a container; by id, or by name when an earlier stage of the same plan makes it.</summary>
public sealed record StartContainer(int Stage, string Name, string? Id) : Step(Stage)
{
    public override string Describe() => $"start container {Name}";
}

/// <summary>Stop a container with its own signal and grace period (no time-out given: the engine knows it).</summary>
public sealed record StopContainer(int Stage, string Name, string Id) : Step(Stage)
{
    public override string Describe() => $"stop container {Name}";
}

/// <summary>Restart a container that runs but is of no use: unhealthy, or tied to another that is a new one now.</summary>
public sealed record RestartContainer(int Stage, string Name, string Id) : Step(Stage)
{
    public override string Describe() => $"restart container {Name}";
}

/// <summary>Let a container that was paused go on.</summary>
public sealed record UnpauseContainer(int Stage, string Name, string Id) : Step(Stage)
{
    public override string Describe() => $"unpause container {Name}";
}

/// <summary>Give a container another name.</summary>
public sealed record RenameContainer(int Stage, string Name, string Id, string NewName) : Step(Stage)
{
    public override string Describe() => $"rename container {Name} to {NewName}";
}

/// <summary>Remove a stopped container with its anonymous volumes.</summary>
public sealed record RemoveContainer(int Stage, string Name, string Id) : Step(Stage)
{
    public override string Describe() => $"remove container {Name}";
}

/// <summary>
/// Wait until the engine tells of a change of one of these containers (health, exit, start), at most until the time
/// given; then observe and plan again. Never a failure: the planner judges.
/// </summary>
public sealed record WaitForContainers(int Stage, ImmutableArray<string> Names, DateTimeOffset Until) : Step(Stage)
{
    public override string Describe() => $"wait for {string.Join(", ", Names)}";
}

/// <summary>Remove a network; one that is in use is left with a warning.</summary>
public sealed record RemoveNetwork(int Stage, string Name, string Id) : Step(Stage)
{
    public override string Describe() => $"remove network {Name}";
}

/// <summary>Remove an image by reference, never by force; one in use is left.</summary>
public sealed record RemoveImage(int Stage, string Reference) : Step(Stage)
{
    public override string Describe() => $"remove image {Reference}";
}
