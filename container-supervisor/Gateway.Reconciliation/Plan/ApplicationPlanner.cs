using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Policy;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>Plans one application: decides whether it stays, waits, goes forward or goes back, and leaves the steps to the parts.</summary>
internal sealed class ApplicationPlanner
{
    private const int MostAttempts = 5;

    private readonly Application application;
    private readonly ImmutableArray<PolicyViolation> violations;
    private readonly Release release;
    private readonly Scope scope;
    private readonly ApplicationRecord? given;

    public ApplicationPlanner(Application desired, World world, PlanInput input)
    {
        (application, release, violations) = Blueprint.Of(desired, world, input);
        scope = Scope.Of(application.Name, world, input);
        given = input.Record.Applications.GetValueOrDefault(application.Name);
    }

    /// <summary>What is to be done.</summary>
    public Decision Plan()
    {
        var record = given ?? Adoption.Of(scope.Mine, release.Specs);
        if (Refusal() is { } refusal)
        {
            return Back(record.WithoutCandidate(), ApplicationState.Refused, refusal, record.CandidateImages);
        }

        if (Clashes.Of(application, release, scope.World) is { } clash)
        {
            return Back(record, ApplicationState.Failed, clash, []);
        }

        if (record.IsCommitted(release.Fingerprint))
        {
            return Maintain(record);
        }

        if (record.FailureOf(release.Fingerprint) is { } failed)
        {
            return Back(record.WithoutCandidate(), Lost(record), failed.Reason, record.CandidateImages);
        }

        var images = record.CandidateImages;
        record = Attempt(record);
        var decision = IsHeld(record) ? Hold(record) : Forward(record);
        return decision with { Garbage = [.. decision.Garbage, .. images.Except(decision.Record.CandidateImages, StringComparer.Ordinal).Except(decision.Record.Images, StringComparer.Ordinal)] };
    }

    private string? Refusal()
    {
        var found = violations.IsEmpty
            ? PolicyCheck.CheckVolumes(application, application.Volumes.Select(volume => scope.World.Volume(volume.Name)).OfType<ObservedVolume>(), scope.Input.Policy)
            : violations;
        return found.IsEmpty ? null : string.Join("; ", found.Take(10));
    }

    /// <summary>
    /// Whether the change waits. One that has begun does not; should the record have been lost, its containers tell.
    /// </summary>
    private bool IsHeld(ApplicationRecord record) =>
        !scope.Input.Gate.IsOpen && application.Urgency != Urgency.Critical && record.Begun != release.Fingerprint && (given is not null || !IsSeen(record));

    /// <summary>What was good last is kept going; the images come meanwhile.</summary>
    private Decision Hold(ApplicationRecord record)
    {
        var gate = scope.Input.Gate;
        var kept = Keep(record, new ReleasePlanner(release, scope, record, isCommitted: false), ApplicationState.Waiting, gate.Reason!);
        return kept with { Plan = kept.Plan with { Until = gate.Until, LookAt = kept.Plan.LookAt < gate.Until ? kept.Plan.LookAt : gate.Until ?? kept.Plan.LookAt } };
    }

    /// <summary>The last good release, and the images of the next.</summary>
    private Decision Keep(ApplicationRecord record, ReleasePlanner next, ApplicationState state, string reason)
    {
        var kept = Back(record, state, reason, []);
        var steps = kept.Plan.Steps.Where(step => step is not RemoveNetwork network || release.Networks.All(other => other.Name != network.Name));
        return kept with { Plan = kept.Plan with { Steps = [.. steps, .. next.Pulls.Select(image => new PullImage(Stages.Pull, image))] } };
    }

    private Decision Forward(ApplicationRecord record)
    {
        var fatal = Failures.FirstOrDefault(failure => !failure.Failure.Retryable && IsOfCandidate(failure.Step, record));
        if (fatal is not null)
        {
            return Fail(record, $"{fatal.Step.Describe()}: {fatal.Failure.Message}", (fatal.Step as StartContainer)?.Id);
        }

        if (record.Attempts > MostAttempts)
        {
            return Fail(record, $"not finished after {MostAttempts} runs of the supervisor", null);
        }

        var way = new ReleasePlanner(release, scope, record, isCommitted: false);
        if (way.Culprit is { } culprit)
        {
            return Fail(record, culprit.Reason, culprit.Container.Id);
        }

        if (way.IsGoodEnough)
        {
            var (next, garbage) = ImageHistory.Commit(record, release, scope.Input.ImageRetention);
            var maintained = Maintain(next.Committing(application, release, scope.Input.Folders));
            return maintained with { Garbage = [.. garbage, .. maintained.Garbage] };
        }

        if (record.Begun != release.Fingerprint && !IsSeen(record) && (way.Unloaded is not null || !way.Pulls.IsEmpty))
        {
            return Told(way.Unloaded is { } service
                ? Keep(record, way, ApplicationState.Waiting, $"{service.Name}: image {service.Image} is not there and is never pulled; load it")
                : Keep(record, way, ApplicationState.Updating, $"pull {way.Pulls[0]}"));
        }

        var steps = way.Steps();
        record = Patience.Note(record, way, steps, scope.Now);
        record = record.Begun == release.Fingerprint || steps.All(step => step is WaitForContainers or PullImage) ? record : record with { Begun = release.Fingerprint };
        return Told(new Decision(Shown(way, steps, ApplicationState.Updating), record, []));
    }

    /// <summary>The release is the last good one: what is not as it shall be is repaired.</summary>
    private Decision Maintain(ApplicationRecord record)
    {
        var garbage = record.CandidateImages.Except(record.Images, StringComparer.Ordinal).ToImmutableArray();
        var (next, dropped) = ImageHistory.Trim(record.WithoutCandidate().Defined(application, release, scope.Input.Folders), scope.Input.ImageRetention);
        var way = new ReleasePlanner(release, scope, next, isCommitted: true);
        var steps = way.Steps();
        next = Patience.Note(next, way, steps, scope.Now).Resting(steps);
        return Told(new Decision(Shown(way, steps, way.IsComplete ? ApplicationState.Running : ApplicationState.Waiting), next, [.. garbage, .. dropped]));
    }

    private IEnumerable<StepFailure> Failures => scope.Input.Failures.Where(failure => failure.Application == application.Name);

    private Decision Told(Decision decision) => Failures.FirstOrDefault() is { } failure
        ? decision with { Plan = decision.Plan with { State = ApplicationState.Waiting, Reason = $"{failure.Step.Describe()}: {failure.Failure.Message}" } }
        : decision;

    private ApplicationPlan Shown(ReleasePlanner way, ImmutableArray<Step> steps, ApplicationState state)
    {
        var missing = way.Slots.FirstOrDefault(slot => slot.IsWaiting);
        return new ApplicationPlan
        {
            Name = application.Name,
            Version = application.Version,
            State = missing is not null ? ApplicationState.Waiting : state,
            Reason = missing is not null ? $"{missing.Service}: device {missing.Missing} is not there"
                : steps.IsEmpty && way.IsComplete ? null
                : way.Slots.Select(slot => slot.Verdict.Reason).OfType<string>().FirstOrDefault() ?? steps.FirstOrDefault()?.Describe(),
            LookAt = way.LookAt,
            Steps = steps,
            Services = [.. way.Slots.Select(slot => slot.Shown(scope.Mine, slot.Spec))],
        };
    }

    private ApplicationRecord Attempt(ApplicationRecord record)
    {
        if (record.Candidate != release.Fingerprint)
        {
            return record with { Candidate = release.Fingerprint, Attempts = 1, Run = scope.Input.Run, CandidateImages = [.. release.Images.Except(record.Images, StringComparer.Ordinal)] };
        }

        // Runs that were spent downloading do not count: nothing was touched.
        return record.Run == scope.Input.Run ? record : record with
        {
            Attempts = record.Attempts + (record.Begun == release.Fingerprint || IsSeen(record) ? 1 : 0),
            Run = scope.Input.Run,
        };
    }

    /// <summary>Whether there is a container of the candidate that was not good before.</summary>
    private bool IsSeen(ApplicationRecord record) => scope.Mine.Any(container => IsOfCandidate(container, record));

    private bool IsOfCandidate(ObservedContainer container, ApplicationRecord record) =>
        release.Specs.Any(spec => spec.ConfigHash == World.Hash(container)) && !record.IsGood(World.Service(container), World.Hash(container));

    /// <summary>A failure may be told after the desired state moved on, and one of an old container is nobody's fault.</summary>
    private bool IsOfCandidate(Step step, ApplicationRecord record) => step switch
    {
        CreateContainer create => release.Specs.Any(spec => spec.ConfigHash == create.Spec.ConfigHash),
        StartContainer start => scope.Mine.Any(container => container.Id == start.Id && IsOfCandidate(container, record)),
        CreateNetwork network => release.Networks.Any(other => other.Name == network.Name),
        CreateVolume volume => release.Volumes.Any(other => other.Name == volume.Name),
        _ => false,
    };

    private Decision Fail(ApplicationRecord record, string reason, string? culprit)
    {
        var failed = record.Failing(release.Fingerprint, reason, scope.Now);
        var decision = Back(failed, Lost(failed), reason, record.CandidateImages);
        return decision with { Plan = decision.Plan with { Culprit = culprit } };
    }

    private Decision Back(ApplicationRecord record, ApplicationState state, string? reason, ImmutableArray<string> garbage)
    {
        var (plan, next) = BackwardPlanner.Plan(scope, record, state, reason, release.Specs);
        return new Decision(plan with { Version = application.Version }, next.Resting(plan.Steps), garbage);
    }

    private static ApplicationState Lost(ApplicationRecord record) => record.Committed.IsEmpty ? ApplicationState.Failed : ApplicationState.RolledBack;
}
