using Gateway.ContainerSupervisor.Configuration;
using Gateway.ContainerSupervisor.Execute;
using Gateway.ContainerSupervisor.Observe;
using Gateway.ContainerSupervisor.Receive;
using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.Core.Trust;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;
using Gateway.Reconciliation.Status;
using Serilog;

namespace Gateway.ContainerSupervisor.Running;

/// <summary>One reconciliation with a document from a file in place of the source <c>gateway</c>.</summary>
internal sealed class ApplyOnce(SupervisorConfiguration configuration, ILogger log, TextWriter output)
{
    /// <summary>Only tell.</summary>
    public bool Check { get; init; }

    /// <summary>Show bodies.</summary>
    public bool Diff { get; init; }

    /// <summary>Neither signature nor release block.</summary>
    public bool Unsigned { get; init; }

    /// <summary>The exit status, or why it was refused.</summary>
    public async Task<Result<ExitStatus>> RunAsync(string path, Envelope? envelope, CancellationToken cancellation)
    {
        if (envelope is null)
        {
            return new Failure(Phase.Configuration, path, "is not there");
        }

        var held = Check ? default(Result<IDisposable>?) : InstanceLock.Take(configuration.StateDirectory);
        if (held is { IsSuccess: false } busy)
        {
            return busy.Failures;
        }

        using var one = held?.Value;
        using var docker = new DockerClient(configuration.DockerSocket);
        var wanted = await WantedAsync(envelope, cancellation);
        if (!wanted.TryGet(out var desired, out var wrong))
        {
            return wrong;
        }

        var records = new RecordStore(configuration.StateDirectory);
        return Check ? await TellAsync(docker, records, desired, cancellation) : await ApplyAsync(docker, records, desired, cancellation);
    }

    private async Task<Result<DesiredState>> WantedAsync(Envelope envelope, CancellationToken cancellation)
    {
        var membership = new Membership(configuration.Identity, configuration.StateDirectory);
        var gate = new DocumentGate(configuration, membership, TimeProvider.System, log);
        // A refusal is this command's outcome, told once: not by the log as well.
        var sources = new DesiredSources(membership, gate, new DesiredStore(configuration.StateDirectory), Serilog.Core.Logger.None);
        await sources.LoadAsync(cancellation);
        Result<DesiredState> own;
        if (Unsigned)
        {
            own = DesiredStateParser.Parse(SignatureVerifier.Waive(envelope.Payload), new DesiredStateOptions(ReleaseRequired: false));
        }
        else if (Check)
        {
            var verified = await gate.VerifyAsync(envelope.Payload, envelope.Signature, cancellation);
            own = verified
                .Then(text => DesiredStateParser.Parse(text, new DesiredStateOptions()))
                .Then(desired => gate.Judge("desired:gateway", desired.Release!, verified.Value).Then<DesiredState>(_ => desired));
        }
        else
        {
            own = await sources.ReceiveAsync("gateway", envelope, cancellation);
        }

        foreach (var warning in own.IsSuccess ? own.Value.Warnings : [])
        {
            log.Warning("{Warning}", warning.ToString());
        }

        return own.Then<DesiredState>(desired => SourceMerge.Merge(
            [desired, .. membership.Identity.Groups.Select(group => sources.All[$"group:{group}"].Desired).OfType<DesiredState>()]));
    }

    private async Task<Result<ExitStatus>> TellAsync(DockerClient docker, RecordStore records, DesiredState desired, CancellationToken cancellation)
    {
        var observed = await new EngineObserver(docker).ObserveAsync(desired, new HashSet<string>(), cancellation);
        var record = records.Load();
        if (!observed.IsSuccess || !record.IsSuccess)
        {
            return observed.Failures.AddRange(record.Failures);
        }

        var input = new PlanInput(desired, observed.Value, record.Value, configuration.Policy, DateTimeOffset.UtcNow) { Run = "check", Folders = configuration.Folders };
        var plan = Planner.Plan(input);
        // Nothing is planned beyond a pull until the image is there; what follows is told as if it were.
        var pulls = plan.Applications.SelectMany(application => application.Steps.OfType<PullImage>()).Select(pull => new ObservedImage("", [pull.Image.Pull], [])).Distinct();
        var pulled = Planner.Plan(input with { Observed = observed.Value with { Images = [.. observed.Value.Images, .. pulls] } });
        foreach (var (first, then) in plan.Applications.Zip(pulled.Applications))
        {
            await output.WriteLineAsync($"{first.Name}: {(first.Steps.IsEmpty ? "nothing to do" : "first steps")}{(first.Reason is { } reason ? $" ({reason})" : "")}");
            foreach (var step in first.Steps.Where(step => step is PullImage).Concat(then.Steps))
            {
                await PrintAsync(step);
            }
        }

        return Verdict(plan);
    }

    private async Task<Result<ExitStatus>> ApplyAsync(DockerClient docker, RecordStore records, DesiredState desired, CancellationToken cancellation)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var observer = new EngineObserver(docker);
        var executor = new StepExecutor(docker, new InlineFiles(configuration.Folders.Files, docker, log), log) { OnChange = observer.Forget };
        using var puller = new Puller(ImageFetch.Of(docker, configuration, log), log, ending.Token);
        using var reconciler = new Reconciler(observer, new ApplicationRunner(executor, puller), executor, records, configuration.Policy, log)
        {
            Desired = () => desired,
            Folders = configuration.Folders,
            ImageRetention = configuration.ImageRetention,
            Puller = puller,
        };
        puller.OnEnd = reconciler.PullEnded;
        var events = Loops.KeepAsync("events", token => new EventWatcher(docker, observer, reconciler.Wake, log).RunAsync(static () => { }, token), log, ending.Token);
        try
        {
            while (true)
            {
                var pause = await reconciler.RoundAsync(cancellation);
                if (reconciler.Last.Failure is { } failure)
                {
                    return failure;
                }

                if (reconciler.Last.Plan is { } plan && !reconciler.IsBusy && plan.Applications.All(application => application.Steps.IsEmpty))
                {
                    await PrintAsync(plan);
                    return Verdict(plan);
                }

                await reconciler.Wake.WaitAsync(pause, cancellation);
                await reconciler.GatherAsync(cancellation);
            }
        }
        finally
        {
            await ending.CancelAsync();
            await events;
        }
    }

    private async Task PrintAsync(ReconciliationPlan plan)
    {
        foreach (var application in plan.Applications)
        {
            await output.WriteLineAsync($"{application.Name}: {StatusBuilder.Word(application.State)}{(application.Reason is { } reason ? $": {reason}" : "")}");
        }
    }

    private async Task PrintAsync(Step step)
    {
        await output.WriteLineAsync($"  {step.Describe()}");
        var body = step switch
        {
            CreateContainer container => container.Spec.Shown(),
            CreateNetwork network => network.Body.ToJsonString(),
            CreateVolume volume => volume.Body.ToJsonString(),
            _ => null,
        };
        if (Diff && body is not null)
        {
            await output.WriteLineAsync($"    + {body}");
        }
    }

    private static ExitStatus Verdict(ReconciliationPlan plan) =>
        plan.Applications.Any(application => application.State is ApplicationState.Refused) ? ExitStatus.Refused
        : plan.Applications.Any(application => application.State is ApplicationState.Failed or ApplicationState.RolledBack) ? ExitStatus.Failed
        : ExitStatus.Done;
}
