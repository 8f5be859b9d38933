using Gateway.Core.Engine;
using Gateway.Core.Reports;

namespace Gateway.HostController.Supervisor;

/// <summary>The few things done to the supervisor's containers, each of which can be repeated.</summary>
internal sealed class SupervisorEngine(DockerClient engine, string name)
{
    private static readonly RestartPolicySpec Always = new() { Name = "always" };
    private static readonly RestartPolicySpec Never = new() { Name = "no" };
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(30);

    public string Name => name;

    public string PreviousName => $"{name}-previous";

    public string CandidateName => $"{name}-candidate";

    /// <summary>What is there.</summary>
    public async Task<Result<SupervisorObserved>> ObserveAsync(CancellationToken cancellation)
    {
        var found = new ObservedContainer?[3];
        string[] names = [Name, PreviousName, CandidateName];
        for (var i = 0; i < names.Length; i++)
        {
            if (!(await LookAsync(names[i], cancellation)).TryGet(out found[i], out var failures))
            {
                return failures;
            }
        }

        return new SupervisorObserved(found[0], found[1], found[2]);
    }

    /// <summary>One container, or null.</summary>
    public async Task<Result<ObservedContainer?>> LookAsync(string container, CancellationToken cancellation)
    {
        var inspected = await engine.Containers.InspectAsync(container, cancellation);
        if (inspected.TryGet(out var details, out var failures))
        {
            // A container that the engine restarts over and over runs for moments at a time: that is not running.
            var running = details.State is { Running: true, Restarting: false };
            return new ObservedContainer(details.Id, SupervisorContainer.HashOf(details.Config.Labels), details.Config.Image, running, details.State.Health?.Status is { Length: > 0 } health ? health : "none");
        }

        return failures[0].Kind == FailureKind.NotFound ? (ObservedContainer?)null : failures;
    }

    /// <summary>How often the engine had to restart it, and what it does.</summary>
    public Task<Result<ContainerDetails>> InspectAsync(string id, CancellationToken cancellation) => engine.Containers.InspectAsync(id, cancellation);

    /// <summary>Makes the candidate, not started.</summary>
    public Task<Result<CreatedContainer>> CreateCandidateAsync(ContainerSpec spec, CancellationToken cancellation) =>
        engine.Containers.CreateAsync(CandidateName, spec, cancellation);

    /// <summary>Stops the one in place for good (the engine would start it again at its own restart) and puts it aside.</summary>
    public async Task<Result<Nothing>> PutAsideAsync(string id)
    {
        // From here on nobody may stop us halfway: the next cycle would mend it, but the gateway is without supervisor until then.
        var stopped = await InOrderAsync(
            () => engine.Containers.UpdateRestartPolicyAsync(id, Never, CancellationToken.None),
            () => engine.Containers.StopAsync(id, Grace, CancellationToken.None),
            () => engine.Containers.RenameAsync(id, PreviousName, CancellationToken.None));
        return stopped;
    }

    /// <summary>Puts a container in the supervisor's place.</summary>
    public Task<Result<Nothing>> PutInPlaceAsync(string id) => engine.Containers.RenameAsync(id, Name, CancellationToken.None);

    /// <summary>Lets it run, now and after each restart of the engine.</summary>
    public Task<Result<Nothing>> StartAsync(string id) => InOrderAsync(
        () => engine.Containers.UpdateRestartPolicyAsync(id, Always, CancellationToken.None),
        () => engine.Containers.StartAsync(id, CancellationToken.None));

    /// <summary>Stops and starts it.</summary>
    public Task<Result<Nothing>> RestartAsync(string id) => InOrderAsync(
        () => engine.Containers.UpdateRestartPolicyAsync(id, Always, CancellationToken.None),
        () => engine.Containers.RestartAsync(id, Grace, CancellationToken.None));

    /// <summary>Takes it away, running or not.</summary>
    public async Task<Result<Nothing>> RemoveAsync(string id)
    {
        var removed = await engine.Containers.RemoveAsync(id, force: true, volumes: true, CancellationToken.None);
        return removed.IsSuccess || removed.Failure.Kind == FailureKind.NotFound ? default(Nothing) : removed;
    }

    /// <summary>Its last words, for a report; empty when there are none.</summary>
    public async Task<string> LastLinesAsync(string id, CancellationToken cancellation)
    {
        var logs = await engine.Containers.LogsAsync(id, new LogQuery { Tail = 5, MaxBytes = 16 * 1024 }, cancellation);
        return logs.TryGet(out var said, out _) && !said.Lines.IsEmpty
            ? $"; its last lines: {OneLine.Of(string.Join('\n', said.Lines.Select(line => line.Text)))}"
            : "";
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
