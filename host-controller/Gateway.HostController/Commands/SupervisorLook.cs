using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.HostController.Configuration;
using Gateway.HostController.Reports;
using Gateway.HostController.Supervisor;

namespace Gateway.HostController.Commands;

/// <summary>Looks at the supervisor's container and at the record of its updates, for <c>status</c>.</summary>
internal static class SupervisorLook
{
    /// <summary>Its state, and what is wrong with the record, one line each.</summary>
    public static async Task<(SupervisorStatus Status, IEnumerable<string> Warnings)> AtAsync(HostPaths paths, HostConfiguration configuration, CancellationToken cancellation)
    {
        var status = await ContainerAsync(paths, configuration, cancellation);
        return new SupervisorStore(StatePaths.Supervisor(paths, configuration)).Load().TryGet(out var record, out var failures)
            ? (With(status, record), [])
            : (status, failures.Select(failure => failure.ToString()));
    }

    private static async Task<SupervisorStatus> ContainerAsync(HostPaths paths, HostConfiguration configuration, CancellationToken cancellation)
    {
        using var engine = new DockerClient(paths.On(configuration.DockerSocket));
        var name = configuration.Supervisor.Name;
        var inspected = await engine.Containers.InspectAsync(name, cancellation);
        if (inspected.TryGet(out var container, out var failures))
        {
            return new SupervisorStatus(name, container.State.Status, container.State.Health?.Status, container.Config.Image);
        }

        return new SupervisorStatus(name, failures[0].Kind == FailureKind.NotFound ? "absent" : "unknown", null, null);
    }

    private static SupervisorStatus With(SupervisorStatus status, SupervisorRecord record) => status with
    {
        Current = record.Current?.Image,
        Previous = record.Previous?.Image,
        Phase = $"{record.Phase}",
        LastUpdate = record.Last is { } last ? new UpdateStatus(last.At, last.Committed, last.Text) : null,
        Failed = [.. record.Failed.Select(failed => new FailedStatus(failed.Image, failed.At, failed.Reason, failed.Final))],
    };
}
