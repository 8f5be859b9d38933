using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Plan;

/// <summary>Names that somebody else holds, and shared things that are not as they must be.</summary>
internal static class Clashes
{
    /// <summary>The first clash, or null.</summary>
    public static string? Of(Application application, Release release, World world) =>
        application.Services.Select(service => Container(application, service, world)).OfType<string>().FirstOrDefault()
        ?? application.Networks.Select(network => Shared(application, "network", network.Name, network.External, world.Network(network.Name)?.Labels)).OfType<string>().FirstOrDefault()
        ?? application.Volumes.Select(volume => Shared(application, "volume", volume.Name, volume.External, world.Volume(volume.Name)?.Labels)).OfType<string>().FirstOrDefault()
        ?? release.Volumes.Select(volume => Changed(volume, world)).OfType<string>().FirstOrDefault();

    private static string? Container(Application application, Service service, World world)
    {
        foreach (var name in new[] { service.ContainerName, service.ContainerName + Names.PreviousSuffix })
        {
            if (world.Named(name) is { } holder && (!World.IsOurs(holder) || holder.Labels[GatewayLabels.Application] != application.Name))
            {
                var owner = World.IsOurs(holder) ? $"application '{holder.Labels[GatewayLabels.Application]}'" : "a container that is not ours";
                return $"service '{service.Name}': the name '{name}' is taken by {owner}; remove or rename it, or give another container_name";
            }
        }

        return null;
    }

    private static string? Shared(Application application, string kind, string name, bool external, ImmutableSortedDictionary<string, string>? labels) =>
        external ? labels is null ? $"{kind} '{name}' is external and not there; make it, or leave out 'external'" : null
        : labels is null || labels.GetValueOrDefault(GatewayLabels.Application) == application.Name ? null
        : $"{kind} '{name}' is there already and not ours; give another name, or say 'external: true'";

    /// <summary>Data is never thrown away to change how it is kept.</summary>
    private static string? Changed(SharedThing volume, World world) =>
        world.Volume(volume.Name) is not { } there || there.Labels.GetValueOrDefault(GatewayLabels.Config) == volume.ConfigHash
            ? null
            : $"volume '{volume.Name}' is there with another driver or other options, and is kept for its data; give it another 'name', or save the data and remove it with: docker volume rm {volume.Name}";
}
