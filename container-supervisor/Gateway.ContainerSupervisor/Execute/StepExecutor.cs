using System.Text.Json.Nodes;
using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;
using Gateway.Reconciliation.Specs;
using Serilog;
using ContainerSpec = Gateway.Reconciliation.Specs.ContainerSpec;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>Performs one step on the engine. "Is already so" is success, as steps are repeated after a crash.</summary>
internal sealed class StepExecutor(DockerClient docker, InlineFiles files, ILogger log)
{
    private const int TailLines = 15;

    /// <summary>Told what a step has changed, before the engine's own event says so: the type and the id, where there is one.</summary>
    public Action<string, string>? OnChange { get; init; }

    /// <summary>Performs a step other than <see cref="PullImage"/> and <see cref="WaitForContainers"/>.</summary>
    public async Task<Result<Nothing>> ExecuteAsync(Step step, ObservedState observed, CancellationToken cancellation)
    {
        log.Information("{Step}", step.Describe());
        var done = await PerformAsync(step, observed, cancellation);
        var (type, id) = About(step);
        OnChange?.Invoke(type, id);
        return IsOutdated(step, done) ? done.Failure with { Retryable = true } : done;
    }

    private async Task<Result<Nothing>> PerformAsync(Step step, ObservedState observed, CancellationToken cancellation) =>
        step switch
        {
            CreateNetwork network => IfThere(await docker.Networks.CreateAsync(network.Name, network.Body, cancellation)),
            CreateVolume volume => Nothing(await docker.Volumes.CreateAsync(volume.Name, volume.Body, cancellation)),
            CreateContainer container => await CreateAsync(container, observed, cancellation),
            StartContainer start => await StartAsync(start, observed, cancellation),
            UnpauseContainer unpause => Guard(unpause.Id, observed) ?? IfThere(await docker.Containers.UnpauseAsync(unpause.Id, cancellation)),
            StopContainer stop => Guard(stop.Id, observed) ?? IfGone(await docker.Containers.StopAsync(stop.Id, cancel: cancellation)),
            RestartContainer restart => Guard(restart.Id, observed) ?? IfGone(await docker.Containers.RestartAsync(restart.Id, cancel: cancellation)),
            RenameContainer rename => Guard(rename.Id, observed) ?? await RenameAsync(rename, cancellation),
            RemoveContainer remove => Guard(remove.Id, observed) ?? await RemoveAsync(remove, observed, cancellation),
            RemoveNetwork network => IfUsed(IfGone(await docker.Networks.RemoveAsync(network.Id, cancellation)), step),
            RemoveImage image => IfUsed(IfGone(Nothing(await docker.Images.RemoveAsync(Loaded(image, observed) ?? image.Reference, cancel: cancellation))), step),
            _ => throw new InvalidOperationException($"no such step: {step.GetType().Name}"),
        };

    /// <summary>The last lines a container wrote, for a reason that people read; empty when there are none.</summary>
    public async Task<string> LastLinesAsync(string container, CancellationToken cancellation)
    {
        var logs = await docker.Containers.LogsAsync(container, new LogQuery { Tail = TailLines, MaxBytes = 16 * 1024 }, cancellation);
        return logs.TryGet(out var written, out _) ? string.Join(" | ", written.Lines.Select(line => line.Text.Trim()).Where(line => line.Length > 0)) : "";
    }

    /// <summary>Writes again what containers about to be started need, should a power cut or a hand have taken it.</summary>
    public void Restore(ApplicationPlan application)
    {
        foreach (var spec in application.Steps.Any(step => step is StartContainer) ? application.Services.Select(service => service.Desired).OfType<ContainerSpec>().Where(spec => !spec.Files.IsEmpty) : [])
        {
            if (files.Write(spec) is { IsSuccess: false } failed)
            {
                log.Warning("{Failure}", failed.Failure.ToString());
            }

            files.Release(spec);
        }
    }

    private async Task<Result<Nothing>> RemoveAsync(RemoveContainer step, ObservedState observed, CancellationToken cancellation)
    {
        var removed = IfGone(await docker.Containers.RemoveAsync(step.Id, volumes: true, cancel: cancellation));
        if (removed.IsSuccess && observed.Containers.Any(container => container.Id == step.Id && container.Labels.ContainsKey(GatewayLabels.Files)))
        {
            await files.CleanAsync(cancellation);
        }

        return removed;
    }

    private async Task<Result<Nothing>> CreateAsync(CreateContainer step, ObservedState observed, CancellationToken cancellation)
    {
        try
        {
            var written = files.Write(step.Spec);
            return written.IsSuccess ? await CreateAndConnectAsync(step, observed, cancellation) : written;
        }
        finally
        {
            files.Release(step.Spec);
        }
    }

    private async Task<Result<Nothing>> CreateAndConnectAsync(CreateContainer step, ObservedState observed, CancellationToken cancellation)
    {
        var body = (JsonObject)step.Spec.Body.DeepClone();
        if (ImageNames.LoadedId(step.Spec.Service.Image, observed) is { } id)
        {
            body["Image"] = id;
        }

        var created = await docker.Containers.CreateAsync(step.Name, body, cancellation);
        if (!created.TryGet(out var container, out var wrong))
        {
            return wrong;
        }

        foreach (var warning in container.Warnings)
        {
            log.Warning("container {Container}: {Warning}", step.Name, OneLine.Of(warning));
        }

        foreach (var network in step.Spec.MoreNetworks)
        {
            var connected = await docker.Networks.ConnectAsync(network.Network, container.Id, network.EndpointConfig, cancellation);
            if (!connected.IsSuccess)
            {
                var removed = await docker.Containers.RemoveAsync(container.Id, force: true, volumes: true, cancel: CancellationToken.None);
                return removed.IsSuccess ? connected : connected.Failures.AddRange(removed.Failures);
            }
        }

        return default(Nothing);
    }

    /// <summary>
    /// An engine that was restarted in the midst of a start may hold the half-started container's task for ever, and then
    /// refuses each further start of that container. It is removed, and another look makes it anew under another id.
    /// </summary>
    private async Task<Result<Nothing>> StartAsync(StartContainer step, ObservedState observed, CancellationToken cancellation)
    {
        var container = step.Id ?? step.Name;
        var started = await docker.Containers.StartAsync(container, cancellation);
        if (started.IsSuccess || !HoldsTask(started.Failure) || Guard(container, observed) is not null)
        {
            return started;
        }

        log.Warning("container {Container} is made anew: {Reason}", step.Name, started.Failure.Message);
        var removed = IfGone(await docker.Containers.RemoveAsync(container, force: true, volumes: true, cancel: cancellation));
        return removed.IsSuccess ? started.Failure with { Kind = FailureKind.Conflict } : removed;
    }

    /// <summary>containerd's own words, which the engine passes on under its status 500: <c>task …: already exists</c>.</summary>
    private static bool HoldsTask(Failure failure) =>
        failure.Message.Contains("task ", StringComparison.Ordinal) && failure.Message.EndsWith(": already exists", StringComparison.Ordinal);

    private async Task<Result<Nothing>> RenameAsync(RenameContainer step, CancellationToken cancellation)
    {
        var renamed = await docker.Containers.RenameAsync(step.Id, step.NewName, cancellation);
        if (renamed.IsSuccess)
        {
            return renamed;
        }

        var now = await docker.Containers.InspectAsync(step.Id, cancellation);
        return now.IsSuccess && now.Value.Name == step.NewName ? default(Nothing) : renamed;
    }

    /// <summary>The planner never names a container that is not ours; if it did, that bug would end here.</summary>
    private static Result<Nothing>? Guard(string id, ObservedState observed)
    {
        var container = observed.Containers.FirstOrDefault(container => container.Id == id);
        if (container is null || (container.Labels.ContainsKey(GatewayLabels.Application) && !container.Labels.ContainsKey(GatewayLabels.Role)))
        {
            return null;
        }

        return new Failure(Phase.Apply, $"container {container.Name}", "is not one of ours and is not touched; this is a bug in the planner, please report it");
    }

    private static string? Loaded(RemoveImage step, ObservedState observed) =>
        ImageReference.TryParse(step.Reference, out var image) ? ImageNames.LoadedId(image, observed) : null;

    private static (string Type, string Id) About(Step step) => step switch
    {
        CreateNetwork or RemoveNetwork => ("network", ""),
        CreateVolume => ("volume", ""),
        RemoveImage => ("image", ""),
        StartContainer { Id: { } id } => ("container", id),
        StopContainer stop => ("container", stop.Id),
        RestartContainer restart => ("container", restart.Id),
        RenameContainer rename => ("container", rename.Id),
        _ => ("", ""),
    };

    /// <summary>
    /// The world moved on since the plan was made: a name was taken or an image, network or container went. That is no
    /// fault of the release; another look tells what is to be done now.
    /// </summary>
    private static bool IsOutdated(Step step, Result<Nothing> done) =>
        !done.IsSuccess && step is CreateContainer or StartContainer or RenameContainer && done.Failure.Kind is FailureKind.NotFound or FailureKind.Conflict;

    private static Result<Nothing> Nothing<T>(Result<T> result) => result.IsSuccess ? default(Nothing) : result.Failures;

    private static Result<Nothing> IfGone(Result<Nothing> result) => Is(result, FailureKind.NotFound) ? default(Nothing) : result;

    private static Result<Nothing> IfThere<T>(Result<T> result) => Is(Nothing(result), FailureKind.Conflict) ? default(Nothing) : Nothing(result);

    private Result<Nothing> IfUsed(Result<Nothing> result, Step step)
    {
        if (result.IsSuccess || result.Failure.Kind is not (FailureKind.Conflict or FailureKind.Refused))
        {
            return result;
        }

        log.Information("{Step}: left, it is in use: {Reason}", step.Describe(), result.Failure.Message);
        return default(Nothing);
    }

    private static bool Is(Result<Nothing> result, FailureKind kind) => !result.IsSuccess && result.Failure.Kind == kind;
}
