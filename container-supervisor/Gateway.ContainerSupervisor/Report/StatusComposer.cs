using System.Collections.Immutable;
using Gateway.ContainerSupervisor.Execute;
using Gateway.ContainerSupervisor.Receive;
using Gateway.Core.Releases;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;
using Gateway.Reconciliation.Specs;
using Gateway.Reconciliation.Status;

namespace Gateway.ContainerSupervisor.Report;

/// <summary>Makes the status document from what is known. Pure.</summary>
internal static class StatusComposer
{
    /// <summary>The status.</summary>
    /// <param name="identity">Who we are.</param>
    /// <param name="started">When this program started.</param>
    /// <param name="sources">The documents in force.</param>
    /// <param name="merged">What they ask for together, as of now.</param>
    /// <param name="seen">The last round.</param>
    /// <param name="engine">The engine's version and the disk, or null.</param>
    /// <param name="errors">What is not resolved.</param>
    /// <param name="now">The time.</param>
    public static StatusDocument Compose(
        GatewayIdentity identity,
        DateTimeOffset started,
        ImmutableSortedDictionary<string, SourceState> sources,
        DesiredState? merged,
        Snapshot seen,
        EngineStatus? engine,
        ImmutableArray<ErrorStatus> errors,
        DateTimeOffset now) => new()
        {
            Gateway = identity.Id,
            Time = now,
            Groups = identity.Groups,
            Supervisor = new SupervisorStatus(ProgramVersion.Text, OwnImage(seen.Observed), started),
            Desired = sources.ToImmutableSortedDictionary(source => source.Key, source => Source(source.Key, source.Value, merged, seen), StringComparer.Ordinal),
            Applications = seen.Plan is { } plan ? StatusBuilder.Applications(plan) : ImmutableSortedDictionary<string, ApplicationStatus>.Empty,
            Engine = engine is null || seen.Observed is null ? null : engine with { Images = seen.Observed.Images.Length },
            Errors = errors,
        };

    /// <summary>What is wrong with applications and services, by subject.</summary>
    public static IEnumerable<KeyValuePair<string, string>> Problems(ReconciliationPlan plan)
    {
        foreach (var application in plan.Applications)
        {
            if (application is { State: ApplicationState.Failed or ApplicationState.RolledBack or ApplicationState.Refused or ApplicationState.Waiting, Reason: { } reason })
            {
                yield return new(application.Name, reason);
            }

            foreach (var service in application.Services.Where(service => service.Error is not null))
            {
                yield return new($"{application.Name}/{service.Name}", service.Error!);
            }
        }
    }

    private static DesiredStatus Source(string key, SourceState source, DesiredState? merged, Snapshot seen) =>
        new(source.Desired?.Release?.Serial, source.Sha256, IsApplied(key, source, merged, seen), source.Refused);

    private static bool IsApplied(string key, SourceState source, DesiredState? merged, Snapshot seen)
    {
        if (source.Desired is null || merged is null || seen.Plan is not { } plan || seen.Failure is not null || !ReferenceEquals(seen.Desired, merged))
        {
            return false;
        }

        var own = merged.Applications.Where(application => application.Release.StartsWith(key + ":", StringComparison.Ordinal)).Select(application => application.Name);
        var states = plan.Applications.ToDictionary(application => application.Name, StringComparer.Ordinal);
        var gone = plan.Applications.Where(application => merged[application.Name] is null);
        return own.All(name => states.TryGetValue(name, out var application) && application is { State: ApplicationState.Running, Steps.IsEmpty: true })
            && gone.All(application => application is { Steps.IsEmpty: true, State: not ApplicationState.Waiting });
    }

    private static string? OwnImage(ObservedState? observed) =>
        observed?.Containers.FirstOrDefault(static container => container.Labels.GetValueOrDefault(GatewayLabels.Role) == GatewayLabels.Supervisor && container.State == ContainerState.Running)?.Image;
}
