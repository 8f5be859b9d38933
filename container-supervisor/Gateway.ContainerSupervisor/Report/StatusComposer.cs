using System.Collections.Immutable;
using Gateway.ContainerSupervisor.Execute;
using Gateway.ContainerSupervisor.Receive;
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
    public static StatusDocument Compose(StatusInput input) => new()
    {
        Gateway = input.Identity.Id,
        Time = input.Now,
        Groups = input.Identity.Groups,
        Supervisor = new SupervisorStatus(ProgramVersion.Text, OwnImage(input.Seen.Observed), input.Started),
        Desired = input.Sources.ToImmutableSortedDictionary(source => source.Key, source => Source(source.Key, source.Value, input.Merged, input.Seen), StringComparer.Ordinal),
        Applications = input.Seen.Plan is { } plan ? Applications(plan, input.Reports) : ImmutableSortedDictionary<string, ApplicationStatus>.Empty,
        Engine = input.Engine is null || input.Seen.Observed is null ? null : input.Engine with { Images = input.Seen.Observed.Images.Length },
        Locks = input.Locks,
        Host = input.Host,
        Errors = input.Errors,
    };

    /// <summary>What is wrong with applications and services, by subject.</summary>
    /// <param name="plan">The last plan.</param>
    /// <param name="gate">What it was told of windows and locks: to wait for those is as it shall be.</param>
    public static IEnumerable<KeyValuePair<string, string>> Problems(ReconciliationPlan plan, UpdateGate gate)
    {
        foreach (var application in plan.Applications)
        {
            if (application is { State: ApplicationState.Failed or ApplicationState.RolledBack or ApplicationState.Refused or ApplicationState.Waiting, Reason: { } reason }
                && !(application.State == ApplicationState.Waiting && gate.Reason is { } held && reason.Contains(held, StringComparison.Ordinal)))
            {
                yield return new(application.Name, reason);
            }

            foreach (var service in application.Services.Where(service => service.Error is not null))
            {
                yield return new($"{application.Name}/{service.Name}", service.Error!);
            }
        }
    }

    private static ImmutableSortedDictionary<string, ApplicationStatus> Applications(ReconciliationPlan plan, ImmutableDictionary<string, ServiceReport> reports)
    {
        var applications = StatusBuilder.Applications(plan);
        foreach (var (key, report) in reports)
        {
            var (application, service) = key.Split('/') is [var left, var right] ? (left, right) : (key, "");
            if (applications.TryGetValue(application, out var status) && status.Services.TryGetValue(service, out var before))
            {
                applications = applications.SetItem(application, status with { Services = status.Services.SetItem(service, before with { Report = report }) });
            }
        }

        return applications;
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
