namespace Gateway.Reconciliation.Desired;

/// <summary>What must agree between the parts of one application.</summary>
internal static class ServiceChecks
{
    /// <summary>Where a container finds the supervisor's local interface.</summary>
    public const string LocalApiFolder = "/run/gateway";

    public static void Check(List<Service> services, List<VolumeDefinition> volumes, List<NetworkDefinition> networks, Reading reading)
    {
        var byName = services.DistinctBy(service => service.Name, StringComparer.Ordinal).ToDictionary(service => service.Name, StringComparer.Ordinal);
        var names = byName.Keys.ToHashSet(StringComparer.Ordinal);
        var volumeKeys = volumes.Select(volume => volume.Key).ToHashSet(StringComparer.Ordinal);
        var networkKeys = networks.Select(network => network.Key).ToHashSet(StringComparer.Ordinal);
        foreach (var service in services)
        {
            foreach (var (key, other) in ServiceLinks.Of(service).Where(pair => !names.Contains(pair.Service)))
            {
                reading.Fail(service.At, $"service '{service.Name}': '{key}' names '{other}', which is no service of this application{reading.Hint(other, names)}");
            }

            foreach (var mount in service.Volumes.Where(mount => mount is { Kind: MountKind.Volume, Source: not null } && !volumeKeys.Contains(mount.Source!)))
            {
                reading.Fail(mount.At, $"volume '{mount.Source}' is not named under 'volumes' of the application{reading.Hint(mount.Source!, volumeKeys)}");
            }

            foreach (var use in service.Networks.Where(use => !networkKeys.Contains(use.Network)))
            {
                reading.Fail(service.At, $"service '{service.Name}': network '{use.Network}' is not named under 'networks' of the application{reading.Hint(use.Network, networkKeys)}");
            }

            Targets(service, reading);
            ServiceLinks.Check(service, byName, reading);
        }

        Unique(services.Select(service => (service.ContainerName, service.At)), "container name", reading);
        Unique(volumes.Select(volume => (volume.Name, volume.At)), "volume name", reading);
        Unique(networks.Select(network => (network.Name, network.At)), "network name", reading);
        Cycles(services, reading);
    }

    /// <summary>Across applications of one document.</summary>
    public static void Check(IEnumerable<Application> applications, Reading reading)
    {
        var all = applications.ToList();
        Unique(all.SelectMany(a => a.Services).Select(service => (service.ContainerName, service.At)), "container name", reading);
        Unique(all.SelectMany(a => a.Volumes).Where(volume => !volume.External).Select(volume => (volume.Name, volume.At)), "volume name", reading);
        Unique(all.SelectMany(a => a.Networks).Where(network => !network.External).Select(network => (network.Name, network.At)), "network name", reading);
    }

    /// <summary>One path in the container is one thing.</summary>
    private static void Targets(Service service, Reading reading)
    {
        var seen = service.Volumes.GroupBy(mount => mount.Target, StringComparer.Ordinal).ToDictionary(group => group.Key, _ => "a volume", StringComparer.Ordinal);
        var others = service.Tmpfs.Keys.Select(target => (target, "a tmpfs"))
            .Concat(service.FileUses.Select(use => (use.Target, use.IsSecret ? "a secret" : "a config")))
            .Concat(service.LocalApi ? [(LocalApiFolder, "the local interface ('x-gateway-api')")] : []);
        foreach (var (target, what) in others)
        {
            if (!seen.TryAdd(target, what))
            {
                reading.Fail(service.At, $"service '{service.Name}': '{target}' is both {seen[target]} and {what}");
            }
        }
    }

    private static void Unique(IEnumerable<(string Name, Core.Reports.Position At)> names, string what, Reading reading)
    {
        var seen = new Dictionary<string, Core.Reports.Position>(StringComparer.Ordinal);
        foreach (var (name, at) in names)
        {
            if (!seen.TryAdd(name, at))
            {
                reading.Fail(at, $"{what} '{name}' is taken already at {seen[name]}");
            }
        }
    }

    private static void Cycles(List<Service> services, Reading reading)
    {
        var names = services.Select(service => service.Name).ToHashSet(StringComparer.Ordinal);
        var left = services.ToDictionary(
            service => service.Name,
            service => service.DependsOn.Select(d => d.Service).Concat(ServiceLinks.Of(service).Select(pair => pair.Service)).Where(names.Contains).ToHashSet(StringComparer.Ordinal),
            StringComparer.Ordinal);
        while (left.Where(pair => pair.Value.Count == 0).Select(pair => pair.Key).ToList() is { Count: > 0 } free)
        {
            foreach (var name in free)
            {
                left.Remove(name);
            }

            foreach (var needs in left.Values)
            {
                needs.ExceptWith(free);
            }
        }

        if (left.Count > 0)
        {
            reading.Fail(services.First(service => left.ContainsKey(service.Name)).At, $"'depends_on' goes in a circle among {string.Join(", ", left.Keys.Order(StringComparer.Ordinal))}");
        }
    }
}
