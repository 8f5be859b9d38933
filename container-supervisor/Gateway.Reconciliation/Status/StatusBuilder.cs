using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Plan;

namespace Gateway.Reconciliation.Status;

/// <summary>Makes the status of the applications from a plan.</summary>
public static class StatusBuilder
{
    /// <summary>The applications of a status document.</summary>
    public static ImmutableSortedDictionary<string, ApplicationStatus> Applications(ReconciliationPlan plan) =>
        plan.Applications.ToImmutableSortedDictionary(application => application.Name, Application, StringComparer.Ordinal);

    /// <summary>The word of an application's state in the status.</summary>
    public static string Word(ApplicationState state) => state switch
    {
        ApplicationState.Running => "running",
        ApplicationState.Updating => "updating",
        ApplicationState.Waiting => "waiting",
        ApplicationState.RolledBack => "rolled-back",
        ApplicationState.Failed => "failed",
        ApplicationState.Refused => "refused",
        _ => "stopped",
    };

    private static ApplicationStatus Application(ApplicationPlan plan) => new(
        plan.Version,
        Word(plan.State),
        plan.Reason,
        plan.Services.ToImmutableSortedDictionary(service => service.Name, Service, StringComparer.Ordinal))
    {
        Until = plan.Until,
    };

    private static ServiceStatus Service(ServicePlan plan)
    {
        var image = plan.Container?.Image is { Length: > 0 } used ? used : plan.Desired?.Service.Image.ToString() ?? "";
        var digest = ImageReference.TryParse(image, out var reference) ? reference.Digest : null;
        return new ServiceStatus(State(plan.Container), Health(plan.Container), image, digest, plan.Container?.Restarts ?? 0, plan.Error);
    }

    private static string State(ObservedContainer? container) => container?.State switch
    {
        null => "absent",
        ContainerState.Created => "created",
        ContainerState.Running => "running",
        ContainerState.Paused => "paused",
        ContainerState.Restarting => "restarting",
        ContainerState.Removing => "removing",
        ContainerState.Exited => "exited",
        _ => "dead",
    };

    private static string? Health(ObservedContainer? container) => container?.Health switch
    {
        ContainerHealth.Starting => "starting",
        ContainerHealth.Healthy => "healthy",
        ContainerHealth.Unhealthy => "unhealthy",
        _ => null,
    };
}
