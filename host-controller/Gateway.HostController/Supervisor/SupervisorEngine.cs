using System.Collections.Immutable;
using Gateway.Core.Engine;
using Gateway.Core.Registry;
using Gateway.Core.Reports;

namespace Gateway.HostController.Supervisor;

/// <summary>One of the supervisor's containers.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Hash">Of what defines it.</param>
/// <param name="Image">The reference it was made from.</param>
/// <param name="ImageId">The engine's id of its image.</param>
/// <param name="Running">Whether it runs, and not just between two restarts.</param>
/// <param name="Health"><c>healthy</c>, <c>unhealthy</c>, <c>starting</c>, or <c>none</c> without a health check.</param>
internal sealed record ObservedContainer(string Id, string Hash, string Image, string ImageId, bool Running, string Health)
{
    /// <summary>The release it is of.</summary>
    public SupervisorRelease Release => new(Image, ImageId, Hash);
}

/// <summary>The few things done to the supervisor's containers, each of which can be repeated.</summary>
internal sealed class SupervisorEngine(DockerClient engine, string name)
{
    private static readonly RestartPolicySpec Always = new() { Name = "always" };
    private static readonly RestartPolicySpec Never = new() { Name = "no" };
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    /// <summary>Log-ins to registries; null for none.</summary>
    public CredentialsFile? Logins { get; init; }

    public string Name => name;

    public string PreviousName => $"{name}-previous";

    public string CandidateName => $"{name}-candidate";

    /// <summary>One container by name or id; null when there is none.</summary>
    public async Task<Result<ObservedContainer?>> LookAsync(string container, CancellationToken cancellation)
    {
        var inspected = await engine.Containers.InspectAsync(container, cancellation);
        if (inspected.TryGet(out var details, out var failures))
        {
            // A container that the engine restarts over and over runs for moments at a time: that is not running.
            var running = details.State is { Running: true, Restarting: false, Paused: false };
            var health = details.State.Health?.Status is { Length: > 0 } status ? status : "none";
            return new ObservedContainer(details.Id, SupervisorContainer.HashOf(details.Config.Labels), details.Config.Image, details.Image, running, health);
        }

        return failures[0].Kind == FailureKind.NotFound ? (ObservedContainer?)null : failures;
    }

    /// <summary>How often the engine had to restart it, and what it does.</summary>
    public Task<Result<ContainerDetails>> InspectAsync(string id, CancellationToken cancellation) => engine.Containers.InspectAsync(id, cancellation);

    /// <summary>Makes a container under this name, not started; one that was left there by an interrupted attempt goes first.</summary>
    public async Task<Result<string>> MakeAsync(string container, ContainerSpec spec, CancellationToken cancellation)
    {
        var removed = await RemoveAsync(container);
        if (!removed.IsSuccess)
        {
            return removed.Failures;
        }

        return (await engine.Containers.CreateAsync(container, spec, cancellation)).Then<string>(made => made.Id);
    }

    /// <summary>Stops it for good: the engine would start it again at its own restart. Gone is stopped.</summary>
    public Task<Result<Nothing>> StopAsync(string id) => InOrderAsync(
        () => UnlessGoneAsync(engine.Containers.UpdateRestartPolicyAsync(id, Never, CancellationToken.None)),
        () => UnlessGoneAsync(engine.Containers.StopAsync(id, Grace, CancellationToken.None)));

    /// <summary>Gives it a name, which is taken from whatever of ours is left over under it. Gone is done.</summary>
    public async Task<Result<Nothing>> RenameAsync(string id, string to, CancellationToken cancellation)
    {
        if (!(await LookAsync(to, cancellation)).TryGet(out var there, out var failures))
        {
            return failures;
        }

        if (there?.Id == id)
        {
            return default(Nothing);
        }

        if (there is not null && !(await RemoveAsync(there.Id)).TryGet(out _, out failures))
        {
            return failures;
        }

        return await engine.Containers.RenameAsync(id, to, CancellationToken.None);
    }

    /// <summary>Lets it run, now and after each restart of the engine.</summary>
    public Task<Result<Nothing>> StartAsync(string id) => InOrderAsync(
        () => engine.Containers.UpdateRestartPolicyAsync(id, Always, CancellationToken.None),
        () => engine.Containers.StartAsync(id, CancellationToken.None));

    /// <summary>Stops and starts it.</summary>
    public Task<Result<Nothing>> RestartAsync(string id) => InOrderAsync(
        () => engine.Containers.UpdateRestartPolicyAsync(id, Always, CancellationToken.None),
        () => engine.Containers.RestartAsync(id, Grace, CancellationToken.None));

    /// <summary>Takes it away, running or not. Gone is gone.</summary>
    public Task<Result<Nothing>> RemoveAsync(string container) =>
        UnlessGoneAsync(engine.Containers.RemoveAsync(container, force: true, volumes: true, CancellationToken.None));

    /// <summary>Its last words, for a report; empty when there are none.</summary>
    public async Task<string> LastLinesAsync(string id, CancellationToken cancellation)
    {
        var logs = await engine.Containers.LogsAsync(id, new LogQuery { Tail = 5, MaxBytes = 16 * 1024 }, cancellation);
        return logs.TryGet(out var said, out _) && !said.Lines.IsEmpty
            ? $"; its last lines: {OneLine.Of(string.Join('\n', said.Lines.Select(line => line.Text)))}"
            : "";
    }

    /// <summary>Whether this failure says nothing about the release: the engine is away, slow, or its disk full.</summary>
    public static bool IsPassing(ImmutableArray<Failure> failures) =>
        failures[0].Kind is FailureKind.Unavailable or FailureKind.TimedOut or FailureKind.DiskFull;

    private static async Task<Result<Nothing>> UnlessGoneAsync(Task<Result<Nothing>> doing)
    {
        var done = await doing;
        return done.IsSuccess || done.Failure.Kind == FailureKind.NotFound ? default(Nothing) : done;
    }

    private static async Task<Result<Nothing>> InOrderAsync(params Func<Task<Result<Nothing>>>[] steps)
    {
        foreach (var step in steps)
        {
            var done = await step();
            if (!done.IsSuccess)
            {
                return done;
            }
        }

        return default(Nothing);
    }
}
