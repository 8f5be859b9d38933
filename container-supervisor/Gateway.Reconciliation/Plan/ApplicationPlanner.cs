using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Policy;
using Gateway.Reconciliation.Specs;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>Plans one application: decides whether it goes forward, stays or goes back, and leaves the steps to the parts.</summary>
internal sealed class ApplicationPlanner
{
    private const int MostAttempts = 5;

    private readonly Application application;
    private readonly World world;
    private readonly PlanInput input;
    private readonly ImmutableArray<ContainerSpec> specs;
    private readonly ImmutableArray<ObservedContainer> mine;
    private readonly string fingerprint;
    private readonly ApplicationRecord? given;

    public ApplicationPlanner(Application application, World world, PlanInput input)
    {
        this.application = application;
        this.world = world;
        this.input = input;
        specs = StartOrder.Of(application.Services.Select(service => ContainerSpecBuilder.Build(application, service, input.Observed.Devices, input.Folders)));
        mine = world.Of(application.Name);
        fingerprint = Fingerprint.Of(specs.Select(spec => (spec.Service.Name, spec.ConfigHash)));
        given = input.Record.Applications.GetValueOrDefault(application.Name);
    }

    /// <summary>The plan, the record to save (the same object when unchanged), and images no longer needed.</summary>
    public (ApplicationPlan Plan, ApplicationRecord Record, ImmutableArray<string> Garbage) Plan()
    {
        var (plan, record, garbage) = Decide();
        var isForward = record.Candidate == fingerprint && !IsHeld(record);
        return (plan, isForward ? Begin(record, plan.Steps) : Rest(record, plan.Steps), garbage);
    }

    private (ApplicationPlan Plan, ApplicationRecord Record, ImmutableArray<string> Garbage) Decide()
    {
        var record = given ?? Adoption.Of(mine, specs);
        var violations = PolicyCheck.Check(application, specs, input.Policy);
        if (violations.IsEmpty)
        {
            var mounted = application.Volumes.Select(volume => volume.Name).ToHashSet(StringComparer.Ordinal);
            violations = PolicyCheck.CheckVolumes(application, input.Observed.Volumes.Where(volume => mounted.Contains(volume.Name)), input.Policy);
        }

        if (!violations.IsEmpty)
        {
            return (Back(record, ApplicationState.Refused, string.Join("; ", violations.Take(10)), null), record, []);
        }

        if (Clashes.Of(application, world) is { } clash)
        {
            return (Back(record, ApplicationState.Failed, clash, null), record, []);
        }

        var committed = !record.Committed.IsEmpty && Fingerprint.Of(record.Committed.Select(service => (service.Service, service.ConfigHash))) == fingerprint;
        if (!committed && record.FailureOf(fingerprint) is { } failed)
        {
            return (Back(record, Lost(record), failed.Reason, null), record, []);
        }

        return !committed && IsHeld(record) ? Hold(record) : Forward(record, committed);
    }

    /// <summary>
    /// Whether the change waits. One that has begun does not; should the record have been lost, its containers tell.
    /// </summary>
    private bool IsHeld(ApplicationRecord record) =>
        !input.Gate.IsOpen && application.Urgency != Urgency.Critical && record.Begun != fingerprint && (given is not null || !IsSeen(record));

    /// <summary>What was good last is kept going; the images come meanwhile.</summary>
    private (ApplicationPlan Plan, ApplicationRecord Record, ImmutableArray<string> Garbage) Hold(ApplicationRecord record)
    {
        var plan = Back(record, ApplicationState.Waiting, input.Gate.Reason!, null);
        var pulls = specs.Select(spec => spec.Service.Image).DistinctBy(image => image.Pull, StringComparer.Ordinal).Where(image => !world.HasImage(image.Pull));
        return (plan with
        {
            Until = input.Gate.Until,
            LookAt = input.Gate.Until,
            Steps = [.. plan.Steps, .. pulls.Select(image => new PullImage(Stages.Pull, image))],
        }, record, []);
    }

    /// <summary>Notes in the record, before it happens, that containers begin to change; downloads change none.</summary>
    private ApplicationRecord Begin(ApplicationRecord record, ImmutableArray<Step> steps) =>
        record.Begun == fingerprint || steps.Any(step => step is PullImage) || steps.All(step => step is WaitForContainers) ? record : record with { Begun = fingerprint };

    /// <summary>Notes in the record that all has come to rest: committed or back, and nothing left to do.</summary>
    private static ApplicationRecord Rest(ApplicationRecord record, ImmutableArray<Step> steps) =>
        record.Begun is not null && steps.All(step => step is PullImage) ? record with { Begun = null } : record;

    private (ApplicationPlan Plan, ApplicationRecord Record, ImmutableArray<string> Garbage) Forward(ApplicationRecord record, bool committed)
    {
        var failures = input.Failures.Where(failure => failure.Application == application.Name).ToList();
        var fatal = failures.FirstOrDefault(failure => !failure.Failure.Retryable && IsOfCandidate(failure.Step, record));
        if (!committed && fatal is not null)
        {
            return Fail(record, $"{fatal.Step.Describe()}: {fatal.Failure.Message}", mine.FirstOrDefault(container => container.Id == (fatal.Step as StartContainer)?.Id));
        }

        record = committed ? record : Attempt(record);
        if (!committed && record.Attempts > MostAttempts)
        {
            return Fail(record, $"not finished after {MostAttempts} runs of the supervisor", null);
        }

        var way = new ForwardPlanner(application, specs, mine, world, input, record, committed);
        if (!committed && way.Culprit is { } culprit)
        {
            return Fail(record, culprit.Reason, culprit.Container);
        }

        var garbage = ImmutableArray<string>.Empty;
        if (!committed && way.IsComplete)
        {
            (record, garbage) = Commit(record);
            way = new ForwardPlanner(application, specs, mine, world, input, record, committed: true);
        }

        var plan = way.Plan();
        return (failures is [var failure, ..]
            ? plan with { State = ApplicationState.Waiting, Reason = $"{failure.Step.Describe()}: {failure.Failure.Message}" }
            : plan, record, garbage);
    }

    private ApplicationRecord Attempt(ApplicationRecord record)
    {
        if (record.Candidate != fingerprint)
        {
            return record with { Candidate = fingerprint, Attempts = 1, Run = input.Run };
        }

        // Runs that were spent downloading do not count: nothing was touched.
        return record.Run == input.Run ? record : record with { Attempts = record.Attempts + (record.Begun == fingerprint || IsSeen(record) ? 1 : 0), Run = input.Run };
    }

    /// <summary>Whether there is a container of the candidate that was not good before.</summary>
    private bool IsSeen(ApplicationRecord record) => mine.Any(container => specs.Any(spec => spec.ConfigHash == World.Hash(container)) && !IsGood(container, record));

    /// <summary>A failure may be told after the desired state moved on, and one of an old container is nobody's fault.</summary>
    private bool IsOfCandidate(Step step, ApplicationRecord record) => step switch
    {
        CreateContainer create => specs.Any(spec => spec.ConfigHash == create.Spec.ConfigHash),
        StartContainer start => mine.Any(container => container.Id == start.Id && specs.Any(spec => spec.ConfigHash == World.Hash(container)) && !IsGood(container, record)),
        _ => false,
    };

    private static bool IsGood(ObservedContainer container, ApplicationRecord record) =>
        record.Committed.Any(service => service.Service == World.Service(container) && service.ConfigHash == World.Hash(container));

    private (ApplicationPlan Plan, ApplicationRecord Record, ImmutableArray<string> Garbage) Fail(ApplicationRecord record, string reason, ObservedContainer? culprit)
    {
        var failed = record.Failed.Where(entry => entry.Fingerprint != fingerprint).TakeLast(ApplicationRecord.MostFailed - 1)
            .Append(new FailedRelease(fingerprint, Core.Reports.OneLine.Of(reason), input.Now));
        record = record with { Failed = [.. failed], Candidate = null, Attempts = 0 };
        var garbage = specs.Select(spec => spec.Service.Image.Pull).Except(record.Images, StringComparer.Ordinal).ToImmutableArray();
        return (Back(record, Lost(record), reason, culprit?.Id), record, garbage);
    }

    private (ApplicationRecord Record, ImmutableArray<string> Garbage) Commit(ApplicationRecord record)
    {
        var images = specs.Select(spec => spec.Service.Image.Pull).Distinct(StringComparer.Ordinal).ToImmutableArray();
        var keep = images.Union(record.Committed.Select(service => service.Image), StringComparer.Ordinal).ToImmutableArray();
        return (record with
        {
            Committed = [.. specs.Select(spec => new CommittedService(spec.Service.Name, spec.ConfigHash, spec.Service.ContainerName, spec.Service.Image.Pull, spec.OneShot || spec.Service.Restart?.Name == "on-failure"))],
            Candidate = null,
            Attempts = 0,
            Images = keep,
        }, [.. record.Images.Except(keep, StringComparer.Ordinal)]);
    }

    private ApplicationPlan Back(ApplicationRecord record, ApplicationState state, string reason, string? culprit) =>
        new BackwardPlanner(application.Name, application.Version, specs, mine, record).Plan(state, reason) with { Culprit = culprit };

    private static ApplicationState Lost(ApplicationRecord record) => record.Committed.IsEmpty ? ApplicationState.Failed : ApplicationState.RolledBack;
}
