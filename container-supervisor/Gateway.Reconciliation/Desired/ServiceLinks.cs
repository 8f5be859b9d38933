using System.Collections.Immutable;

namespace Gateway.Reconciliation.Desired;

/// <summary>Services that share something with another: what that implies, and what must hold.</summary>
internal static class ServiceLinks
{
    /// <summary>Before the name of a service whose namespace is shared.</summary>
    public const string OfService = "service:";

    /// <summary>The service named by a mode such as <c>service:vpn</c>, or null.</summary>
    public static string? Named(string? mode) => mode is not null && mode.StartsWith(OfService, StringComparison.Ordinal) ? mode[OfService.Length..] : null;

    /// <summary>Key and name of each other service that is named.</summary>
    public static IEnumerable<(string Key, string Service)> Of(Service service) =>
        service.DependsOn.Where(dependency => dependency.Required).Select(dependency => ("depends_on", dependency.Service))
            .Concat(service.Links.Select(link => ("links", link.Service)))
            .Concat(Joined(service))
            .Concat(service.VolumesFrom.Select(other => ("volumes_from", other.Service)));

    /// <summary>Whose namespaces it shares.</summary>
    public static IEnumerable<(string Key, string Service)> Joined(Service service) =>
        new[] { ("network_mode", Named(service.NetworkMode)), ("pid", Named(service.Pid)), ("ipc", Named(service.Ipc)) }
            .Where(pair => pair.Item2 is not null)
            .Select(pair => (pair.Item1, pair.Item2!));

    /// <summary>A linked service must be there first; one whose namespace is shared takes this one with it when it is replaced.</summary>
    public static Service WithImplied(Service service)
    {
        var joined = Joined(service).Select(pair => pair.Service).ToHashSet(StringComparer.Ordinal);
        var given = service.DependsOn.Select(dependency => joined.Contains(dependency.Service) ? dependency with { Restart = true, Required = true } : dependency).ToList();
        var named = given.Select(dependency => dependency.Service).ToHashSet(StringComparer.Ordinal);
        var implied = Of(service).Select(pair => pair.Service).Where(named.Add).Select(name => new Dependency(name, DependencyCondition.Started, joined.Contains(name), true));
        return service with { DependsOn = [.. given, .. implied] };
    }

    /// <summary>What the engine would refuse of a container in another's network, told before anything is touched.</summary>
    public static void Check(Service service, IReadOnlyDictionary<string, Service> all, Reading reading)
    {
        if (Named(service.NetworkMode) is { } network)
        {
            var own = new[]
            {
                ("ports", !service.Ports.IsEmpty), ("expose", !service.Expose.IsEmpty), ("links", !service.Links.IsEmpty), ("extra_hosts", !service.ExtraHosts.IsEmpty),
                ("dns", !service.Dns.IsEmpty), ("hostname", service.Hostname is not null), ("mac_address", service.MacAddress is not null),
            };
            foreach (var (key, _) in own.Where(pair => pair.Item2))
            {
                reading.Fail(service.At, $"service '{service.Name}': '{key}' is not possible with 'network_mode: service:{network}'; write it at service '{network}'");
            }
        }
        else if (service.NetworkMode is "host" or "none" && !service.Ports.IsEmpty)
        {
            reading.Warn(service.At, $"service '{service.Name}': 'ports' have no effect with 'network_mode: {service.NetworkMode}'");
        }

        if (Named(service.Ipc) is { } ipc && all.TryGetValue(ipc, out var owner) && owner.Ipc != "shareable")
        {
            reading.Fail(service.At, $"service '{service.Name}': 'ipc: service:{ipc}' needs 'ipc: shareable' at service '{ipc}'");
        }
    }

    /// <summary>The mounts of other services, as <c>volumes_from</c> asks; one's own win. Call only without circles.</summary>
    public static List<Service> WithVolumes(List<Service> services, Reading reading)
    {
        var all = services.ToDictionary(service => service.Name, StringComparer.Ordinal);
        var done = new Dictionary<string, Service>(StringComparer.Ordinal);
        Service Resolved(string name) => done.TryGetValue(name, out var known) ? known : done[name] = all[name].VolumesFrom.Aggregate(all[name], (service, from) => With(service, from, Resolved(from.Service), reading));
        return [.. services.Select(service => Resolved(service.Name) with { VolumesFrom = [] })];
    }

    private static Service With(Service service, VolumesOf from, Service other, Reading reading)
    {
        var shared = other.Volumes.Where(mount => mount is { Source: not null, Kind: not MountKind.Tmpfs }).ToImmutableArray();
        if (shared.IsEmpty)
        {
            reading.Fail(from.At, $"'volumes_from': service '{from.Service}' has no volume that can be shared; one that only its image declares must be named under 'volumes'");
        }

        var taken = service.Volumes.Select(mount => mount.Target).Concat(service.Tmpfs.Keys).ToHashSet(StringComparer.Ordinal);
        ImmutableArray<VolumeMount> volumes = [.. service.Volumes, .. shared.Where(mount => taken.Add(mount.Target)).Select(mount => mount with { ReadOnly = mount.ReadOnly || from.ReadOnly })];
        if (volumes.Length <= Reading.MostItems)
        {
            return service with { Volumes = volumes };
        }

        reading.Fail(from.At, $"'volumes_from' comes to more than {Reading.MostItems} volumes");
        return service;
    }
}
