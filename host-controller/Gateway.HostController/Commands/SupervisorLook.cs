using Gateway.Core.Engine;
using Gateway.HostController.Configuration;
using Gateway.HostController.Reports;

namespace Gateway.HostController.Commands;

/// <summary>Looks at the supervisor's container for <c>status</c>.</summary>
internal static class SupervisorLook
{
    /// <summary>Its state; null when the engine does not answer.</summary>
    public static async Task<SupervisorStatus?> AtAsync(HostPaths paths, HostConfiguration configuration, CancellationToken cancellation)
    {
        using var engine = new DockerClient(paths.On(configuration.DockerSocket));
        var name = configuration.Supervisor.Name;
        var inspected = await engine.Containers.InspectAsync(name, cancellation);
        if (inspected.TryGet(out var container, out var failures))
        {
            return new SupervisorStatus(name, container.State.Status, container.State.Health?.Status, container.Config.Image);
        }

        return failures[0].Kind == Core.Reports.FailureKind.NotFound ? new SupervisorStatus(name, "absent", null, null) : null;
    }
}
