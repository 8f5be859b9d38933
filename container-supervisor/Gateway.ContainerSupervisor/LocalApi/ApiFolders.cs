using System.Collections.Immutable;
using Gateway.ContainerSupervisor.Execute;
using Gateway.Reconciliation.Specs;

namespace Gateway.ContainerSupervisor.LocalApi;

/// <summary>
/// Which services get a socket. Pure. A service that is no longer desired keeps the one it has while its container is
/// there: that container may hold the very lock its removal waits for.
/// </summary>
internal static class ApiFolders
{
    /// <summary>The callers that shall have a socket.</summary>
    /// <param name="seen">The last round.</param>
    /// <param name="there">Those whose folder is there.</param>
    public static ImmutableHashSet<ApiCaller> Wanted(Snapshot seen, IEnumerable<ApiCaller> there)
    {
        var desired = (seen.Desired?.Applications ?? [])
            .SelectMany(static application => application.Services.Where(static service => service.LocalApi).Select(service => new ApiCaller(application.Name, service.Name)));
        var containers = seen.Observed?.Containers
            .Where(static container => container.Labels.ContainsKey(GatewayLabels.Application))
            .Select(static container => new ApiCaller(container.Labels[GatewayLabels.Application], container.Labels.GetValueOrDefault(GatewayLabels.Service)))
            .ToHashSet();
        return [.. desired, .. there.Where(caller => containers is null || containers.Contains(caller))];
    }
}
