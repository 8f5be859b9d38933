using System.Text.Json.Nodes;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Plan;

/// <summary>Names that somebody else holds, and shared things that are not as they must be.</summary>
internal static class Clashes
{
    /// <summary>The first clash, or null.</summary>
    public static string? Of(Application application, World world) =>
        application.Services.Select(service => Container(application, service, world)).OfType<string>().FirstOrDefault()
        ?? application.Networks.Select(network => Network(application, network, world)).OfType<string>().FirstOrDefault()
        ?? application.Volumes.Select(volume => Volume(application, volume, world)).OfType<string>().FirstOrDefault();

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

    private static string? Network(Application application, NetworkDefinition network, World world)
    {
        var there = world.Observed.Networks.FirstOrDefault(other => other.Name == network.Name);
        return Shared(application, $"network '{network.Name}'", network.External, there is not null, there?.Labels, SharedSpecs.Network(application, network));
    }

    private static string? Volume(Application application, VolumeDefinition volume, World world)
    {
        var there = world.Observed.Volumes.FirstOrDefault(other => other.Name == volume.Name);
        return Shared(application, $"volume '{volume.Name}'", volume.External, there is not null, there?.Labels, SharedSpecs.Volume(application, volume));
    }

    private static string? Shared(Application application, string what, bool external, bool isThere, IReadOnlyDictionary<string, string>? labels, JsonObject body)
    {
        if (external)
        {
            return isThere ? null : $"{what} is external and not there; make it, or leave out 'external'";
        }

        if (labels is null)
        {
            return null;
        }

        if (labels.GetValueOrDefault(GatewayLabels.Application) != application.Name)
        {
            return $"{what} is there already and not ours; give another name, or say 'external: true'";
        }

        var wanted = body["Labels"]![GatewayLabels.Config]!.GetValue<string>();
        return labels.GetValueOrDefault(GatewayLabels.Config) == wanted
            ? null
            : $"{what} is there with other settings, and these cannot be changed while it is in use; give it another name";
    }
}
