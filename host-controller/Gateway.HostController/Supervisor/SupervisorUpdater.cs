using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.HostController.Configuration;
using Gateway.Playbooks.Modules;
using Serilog;

namespace Gateway.HostController.Supervisor;

/// <summary>
/// Brings the container supervisor to an image: fetch, smoke test, make the new one beside the old, swap, probation,
/// then commit, or put the same old container back. Works step by step from what is there, so that it goes on wherever
/// a power cut left it.
/// </summary>
internal sealed class SupervisorUpdater(HostPaths paths, HostConfiguration configuration, TimeProvider clock, ILogger log)
{
    private const int MostSteps = 8;
    private readonly SupervisorHealth health = new(clock);

    /// <summary>What is there, compared with what is wanted; null when there is no supervisor.</summary>
    public async Task<Result<SupervisorState?>> ReadAsync(UpdateSupervisor wanted, CancellationToken cancellation)
    {
        using var engine = Connect();
        var containers = new SupervisorEngine(engine, configuration.Supervisor.Name);
        if (!(await containers.ObserveAsync(cancellation)).TryGet(out var observed, out var failures))
        {
            return failures;
        }

        if (observed.Current is null)
        {
            return (SupervisorState?)null;
        }

        var isSettled = observed is { Previous: null, Candidate: null };
        var isCurrent = isSettled && observed.Current.Hash == SupervisorContainer.HashOf(Spec(wanted).Labels!);
        return new SupervisorState(observed.Current.Image, isCurrent, observed.Current.Running, observed.Current.Health);
    }

    /// <summary>What was done, or why it could not be; then the supervisor is the one from before.</summary>
    public async Task<Result<string>> UpdateAsync(UpdateSupervisor wanted, Action<string> progress, CancellationToken cancellation)
    {
        using var engine = Connect();
        var containers = new SupervisorEngine(engine, configuration.Supervisor.Name);
        var run = new SupervisorRun(containers, new SupervisorImage(engine, configuration.Supervisor.Name), wanted, Spec(wanted), progress);
        MakeFolders();
        var said = "is as wanted";
        for (var step = 0; step < MostSteps; step++)
        {
            if (!(await containers.ObserveAsync(cancellation)).TryGet(out var observed, out var failures))
            {
                return failures;
            }

            var next = SupervisorDecision.Next(observed, SupervisorContainer.HashOf(run.Spec.Labels!));
            if (next == SupervisorStep.Done)
            {
                return $"supervisor {containers.Name} {said}";
            }

            log.Information("supervisor {Name}: {Step}", containers.Name, NameOf(next));
            if (!(await PerformAsync(next, observed, run, cancellation)).TryGet(out var told, out failures))
            {
                return failures;
            }

            said = told;
            progress($"supervisor {containers.Name} {said}");
        }

        return new Failure(Phase.Apply, containers.Name, $"the supervisor does not settle after {MostSteps} steps: docker ps -a tells what is there");
    }

    private Task<Result<string>> PerformAsync(SupervisorStep step, SupervisorObserved observed, SupervisorRun run, CancellationToken cancellation) => step switch
    {
        SupervisorStep.RemoveCandidate => AfterAsync(run.Containers.RemoveAsync(observed.Candidate!.Id), "left over from an interrupted update was removed"),
        SupervisorStep.RestorePrevious => RestoreAsync(run, observed.Previous!, "put back after an interrupted update"),
        SupervisorStep.Install => InstallAsync(run, cancellation),
        SupervisorStep.Replace => ReplaceAsync(run, observed.Current!, cancellation),
        SupervisorStep.Restart => RestartAsync(run, observed.Current!, cancellation),
        SupervisorStep.Probation => ProbationAsync(run, observed, cancellation),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
    };

    private static async Task<Result<string>> PrepareAsync(SupervisorRun run, CancellationToken cancellation)
    {
        if (!(await run.Image.FetchAsync(run.Wanted.Image, run.Progress, cancellation)).TryGet(out var image, out var failures)
            || !(await run.Image.SmokeTestAsync(run.Wanted.Image, image, cancellation)).TryGet(out _, out failures)
            || !(await run.Containers.CreateCandidateAsync(run.Spec, cancellation)).TryGet(out var candidate, out failures))
        {
            return failures;
        }

        return candidate.Id;
    }

    private async Task<Result<string>> InstallAsync(SupervisorRun run, CancellationToken cancellation)
    {
        if (!(await PrepareAsync(run, cancellation)).TryGet(out var id, out var failures)
            || !(await run.Containers.PutInPlaceAsync(id)).TryGet(out _, out failures)
            || !(await run.Containers.StartAsync(id)).TryGet(out _, out failures))
        {
            return failures;
        }

        // There is none to go back to: one that is not well yet is better than none, so it stays.
        return await health.ProblemAsync(run, id, cancellation) is { } problem
            ? new Failure(Phase.Apply, run.Containers.Name, $"the supervisor was started from {run.Wanted.Image}, but {problem}")
            : $"was started from {run.Wanted.Image}";
    }

    /// <summary>Puts the new one in the old one's place; whether it stays there is decided by the probation, the next step.</summary>
    private static async Task<Result<string>> ReplaceAsync(SupervisorRun run, ObservedContainer old, CancellationToken cancellation)
    {
        if (!(await PrepareAsync(run, cancellation)).TryGet(out var id, out var failures)
            || !(await run.Containers.PutAsideAsync(old.Id)).TryGet(out _, out failures)
            || !(await run.Containers.PutInPlaceAsync(id)).TryGet(out _, out failures))
        {
            return failures;
        }

        return $"{run.Wanted.Image} takes the place of {old.Image}";
    }

    private async Task<Result<string>> ProbationAsync(SupervisorRun run, SupervisorObserved observed, CancellationToken cancellation)
    {
        var (current, previous) = (observed.Current!, observed.Previous!);
        var started = await run.Containers.StartAsync(current.Id);
        var problem = started.IsSuccess ? await health.ProblemAsync(run, current.Id, cancellation) : started.Failure.Message;
        if (problem is null)
        {
            return await AfterAsync(run.Containers.RemoveAsync(previous.Id), $"was updated from {previous.Image} to {current.Image}");
        }

        log.Error("supervisor {Name}: {Image}: {Problem}; going back to {Previous}", run.Containers.Name, current.Image, problem, previous.Image);
        if (!(await run.Containers.RemoveAsync(current.Id)).TryGet(out _, out var failures)
            || !(await RestoreAsync(run, previous, "")).TryGet(out _, out failures))
        {
            return failures;
        }

        return new Failure(Phase.Apply, run.Containers.Name, OneLine.Of($"rolled back to {previous.Image}: {current.Image} {problem}"));
    }

    private async Task<Result<string>> RestartAsync(SupervisorRun run, ObservedContainer current, CancellationToken cancellation)
    {
        var restarted = current.Running ? await run.Containers.RestartAsync(current.Id) : await run.Containers.StartAsync(current.Id);
        if (!restarted.IsSuccess)
        {
            return restarted.Failures;
        }

        return await health.ProblemAsync(run, current.Id, cancellation) is { } problem
            ? new Failure(Phase.Apply, run.Containers.Name, $"the supervisor was restarted, but {problem}")
            : "was restarted";
    }

    private static async Task<Result<string>> RestoreAsync(SupervisorRun run, ObservedContainer previous, string said)
    {
        var renamed = await run.Containers.PutInPlaceAsync(previous.Id);
        return renamed.IsSuccess ? await AfterAsync(run.Containers.StartAsync(previous.Id), said) : renamed.Failures;
    }

    private void MakeFolders()
    {
        foreach (var folder in SupervisorContainer.OwnFolders)
        {
            Directory.CreateDirectory(paths.On(folder));
        }
    }

    private ContainerSpec Spec(UpdateSupervisor wanted) =>
        SupervisorContainer.Create(wanted.Image, configuration.Supervisor, configuration.DockerSocket, paths, File.Exists(paths.On("/dev/null")));

    private DockerClient Connect() => new(paths.On(configuration.DockerSocket));

    private static async Task<Result<string>> AfterAsync(Task<Result<Nothing>> doing, string said) =>
        (await doing).TryGet(out _, out var failures) ? said : failures;

    private static string NameOf(SupervisorStep step) => step switch
    {
        SupervisorStep.RemoveCandidate => "removing what an interrupted update left",
        SupervisorStep.RestorePrevious => "putting the one before back",
        SupervisorStep.Probation => "the new one is on probation",
        SupervisorStep.Install => "installing",
        SupervisorStep.Restart => "restarting",
        SupervisorStep.Replace => "replacing",
        _ => "done",
    };
}
