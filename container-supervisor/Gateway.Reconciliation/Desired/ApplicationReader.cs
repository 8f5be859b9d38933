using System.Collections.Immutable;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>Reads one application with its volumes and networks.</summary>
internal static class ApplicationReader
{
    private const int MostServices = 500;

    public static Application? Read(YamlEntry entry, string release, Reading reading)
    {
        var name = entry.Key.Text;
        if (!Names.IsName(name))
        {
            reading.Fail(entry.Key, $"'{Core.Reports.OneLine.Of(name)}' cannot be an application's name: letters, digits, '_', '-', '.', at most 63, not ending in {Names.PreviousSuffix}");
            return null;
        }

        var fields = reading.Open(entry.Value, $"application '{name}'");
        var version = fields.Text("version");
        var volumes = Bearable(fields, "volumes", reading).Select(volume => Volume(name, volume, reading)).OfType<VolumeDefinition>().ToList();
        var networks = Bearable(fields, "networks", reading).Select(network => Network(name, network, reading)).OfType<NetworkDefinition>().ToList();
        if (networks.All(network => network.Key != "default"))
        {
            networks.Add(Defaults(name, "default", fields.At));
        }

        var services = fields.Required("services") is null ? [] : Services(name, fields, reading);
        fields.Allow("x-");
        fields.RejectUnknown();
        ServiceChecks.Check(services, volumes, networks, reading);
        services = [.. services.Select(service => WithLinks(service))];
        var usedNetworks = services.SelectMany(service => service.Networks).Select(use => use.Network).ToHashSet(StringComparer.Ordinal);
        var usedVolumes = services.SelectMany(service => service.Volumes).Where(mount => mount.Kind == MountKind.Volume).Select(mount => mount.Source).ToHashSet(StringComparer.Ordinal);
        return new Application(
            name,
            version,
            [.. services.OrderBy(service => service.Name, StringComparer.Ordinal)],
            [.. volumes.Where(volume => usedVolumes.Contains(volume.Key)).OrderBy(volume => volume.Key, StringComparer.Ordinal)],
            [.. networks.Where(network => usedNetworks.Contains(network.Key)).OrderBy(network => network.Key, StringComparer.Ordinal)],
            release,
            entry.Key.At);
    }

    private static ImmutableArray<YamlEntry> Bearable(YamlFields fields, string key, Reading reading) =>
        fields.Node(key) is not { } node || reading.IsBearable(node, $"'{key}'") ? fields.Entries(key) : [];

    private static List<Service> Services(string application, YamlFields fields, Reading reading)
    {
        var entries = fields.Entries("services");
        if (entries.Length is 0 or > MostServices)
        {
            reading.Fail(fields.Node("services")!, $"'services' must be a mapping of 1 to {MostServices} services");
            return [];
        }

        foreach (var entry in entries.Where(entry => !Names.IsName(entry.Key.Text)))
        {
            reading.Fail(entry.Key, $"'{Core.Reports.OneLine.Of(entry.Key.Text)}' cannot be a service's name: letters, digits, '_', '-', '.', at most 63, not ending in {Names.PreviousSuffix}");
        }

        return [.. entries.Select(entry => ServiceReader.Read(application, entry, reading))];
    }

    /// <summary>A linked service must be there first.</summary>
    private static Service WithLinks(Service service) => service with
    {
        DependsOn =
        [
            .. service.DependsOn,
            .. service.Links.Select(link => link.Service).Distinct(StringComparer.Ordinal)
                .Where(name => service.DependsOn.All(dependency => dependency.Service != name))
                .Select(name => new Dependency(name, DependencyCondition.Started, false, true)),
        ],
    };

    private static VolumeDefinition? Volume(string application, YamlEntry entry, Reading reading)
    {
        var fields = reading.Open(Reading.IsNothing(entry.Value) ? new YamlMapping([], entry.Key.At, null) : entry.Value, $"volume '{entry.Key.Text}'");
        var external = fields.Boolean("external") ?? false;
        var name = fields.Text("name") ?? (external ? entry.Key.Text : $"{application}_{entry.Key.Text}");
        var driver = fields.Text("driver") ?? "local";
        var options = fields.Node("driver_opts") is { } written ? reading.Pairs(written, "'driver_opts'", valueNeeded: true) : ImmutableSortedDictionary<string, string>.Empty;
        var labels = fields.Node("labels") is { } given ? ServiceReader.Labels(given, reading) : ImmutableSortedDictionary<string, string>.Empty;
        fields.Allow("x-");
        fields.RejectUnknown();
        return Named(entry, name, reading) ? new VolumeDefinition(entry.Key.Text, name, external, driver, options, labels, entry.Key.At) : null;
    }

    private static NetworkDefinition? Network(string application, YamlEntry entry, Reading reading)
    {
        if (Reading.IsNothing(entry.Value))
        {
            return Named(entry, entry.Key.Text, reading) ? Defaults(application, entry.Key.Text, entry.Key.At) : null;
        }

        var fields = reading.Open(entry.Value, $"network '{entry.Key.Text}'");
        var external = fields.Boolean("external") ?? false;
        var network = Defaults(application, entry.Key.Text, entry.Key.At) with
        {
            Name = fields.Text("name") ?? (external ? entry.Key.Text : $"{application}_{entry.Key.Text}"),
            External = external,
            Driver = fields.Text("driver") ?? "bridge",
            Internal = fields.Boolean("internal") ?? false,
            Ipv6 = fields.Boolean("enable_ipv6") ?? false,
            Options = fields.Node("driver_opts") is { } options ? reading.Pairs(options, "'driver_opts'", valueNeeded: true) : ImmutableSortedDictionary<string, string>.Empty,
            Labels = fields.Node("labels") is { } labels ? ServiceReader.Labels(labels, reading) : ImmutableSortedDictionary<string, string>.Empty,
            Subnets = fields.Node("ipam") is { } ipam ? Subnets(ipam, reading) : [],
        };
        _ = fields.Boolean("attachable");
        fields.Allow("x-");
        fields.RejectUnknown();
        if (network.Name is "host" or "none" or "bridge" or "default")
        {
            reading.Fail(entry.Key, $"network '{network.Name}' is the engine's own; use 'network_mode'");
            return null;
        }

        return Named(entry, network.Name, reading) ? network : null;
    }

    private static ImmutableArray<Subnet> Subnets(YamlNode node, Reading reading)
    {
        var fields = reading.Open(node, "'ipam'");
        if (fields.Text("driver") is not (null or "default"))
        {
            fields.Fail(fields.Node("driver")!, "'driver' of 'ipam' must be default");
        }

        var result = ImmutableArray.CreateBuilder<Subnet>();
        foreach (var item in (fields.Node("config") as YamlSequence)?.Items ?? [])
        {
            var pool = reading.Open(item, "an item of 'config'");
            var cidr = pool.Required("subnet") is null ? null : pool.Text("subnet");
            var subnet = new Subnet(cidr ?? "", pool.Text("gateway"), pool.Text("ip_range"));
            if (cidr is not null && (!Addresses.IsSubnet(cidr) || (subnet.Gateway is { } gateway && !Addresses.IsAddress(gateway)) || (subnet.Range is { } range && !Addresses.IsSubnet(range))))
            {
                reading.Fail(item, "a pool is like {subnet: 172.28.0.0/16, gateway: 172.28.0.1, ip_range: 172.28.5.0/24}");
            }

            pool.RejectUnknown();
            result.Add(subnet);
        }

        fields.RejectUnknown();
        return result.ToImmutable();
    }

    private static bool Named(YamlEntry entry, string name, Reading reading)
    {
        var good = Names.IsName(entry.Key.Text) && Names.IsContainer(name);
        if (!good)
        {
            reading.Fail(entry.Key, $"'{Core.Reports.OneLine.Of(name)}' cannot be the name of a volume or network: letters, digits, '_', '-', '.'");
        }

        return good;
    }

    private static NetworkDefinition Defaults(string application, string key, Core.Reports.Position at) => new(
        key,
        $"{application}_{key}",
        false,
        "bridge",
        false,
        false,
        ImmutableSortedDictionary<string, string>.Empty,
        [],
        ImmutableSortedDictionary<string, string>.Empty,
        at);
}
