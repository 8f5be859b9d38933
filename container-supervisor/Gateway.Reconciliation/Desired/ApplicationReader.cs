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

        var fields = reading.Open(new Dollars(reading).Unescape(entry.Value), $"application '{name}'");
        var version = fields.Text("version");
        var volumes = Bearable(fields, "volumes", reading).Select(volume => Volume(name, volume, reading)).OfType<VolumeDefinition>().ToList();
        var networks = Bearable(fields, "networks", reading).Select(network => Network(name, network, reading)).OfType<NetworkDefinition>().ToList();
        if (networks.All(network => network.Key != "default"))
        {
            networks.Add(Defaults(name, "default", fields.At));
        }

        var secrets = InlineFileReader.Definitions(fields, "secrets", reading);
        var configs = InlineFileReader.Definitions(fields, "configs", reading);
        if (fields.Node("name") is { } given)
        {
            reading.Warn(given.At, $"'name' has no effect: the application's name is '{name}', the key it stands under");
        }

        var services = fields.Required("services") is null ? [] : Services(name, fields, reading);
        fields.Allow("x-");
        fields.RejectUnknown();
        return Whole(new Application(name, version, [], [], [], release, entry.Key.At), services, volumes, networks, (secrets, configs), reading);
    }

    /// <summary>Puts the parts together, and checks what must agree between them.</summary>
    public static Application Whole(
        Application application,
        List<Service> services,
        List<VolumeDefinition> volumes,
        List<NetworkDefinition> networks,
        (ImmutableSortedDictionary<string, string> Secrets, ImmutableSortedDictionary<string, string> Configs) texts,
        Reading reading)
    {
        ServiceChecks.Check(services, volumes, networks, reading);
        if (!reading.IsWrong)
        {
            services = ServiceLinks.WithVolumes([.. services.Select(service => ServiceLinks.WithImplied(service))], reading);
        }

        services = [.. services.Select(service => WithFiles(service, texts.Secrets, texts.Configs, reading))];
        var usedNetworks = services.SelectMany(service => service.Networks).Select(use => use.Network).ToHashSet(StringComparer.Ordinal);
        var usedVolumes = services.SelectMany(service => service.Volumes).Where(mount => mount.Kind == MountKind.Volume).Select(mount => mount.Source).ToHashSet(StringComparer.Ordinal);
        return application with
        {
            Services = [.. services.OrderBy(service => service.Name, StringComparer.Ordinal)],
            Volumes = [.. volumes.Where(volume => usedVolumes.Contains(volume.Key)).OrderBy(volume => volume.Key, StringComparer.Ordinal)],
            Networks = [.. networks.Where(network => usedNetworks.Contains(network.Key)).OrderBy(network => network.Key, StringComparer.Ordinal)],
        };
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

    private static Service WithFiles(Service service, ImmutableSortedDictionary<string, string> secrets, ImmutableSortedDictionary<string, string> configs, Reading reading)
    {
        var files = ImmutableArray.CreateBuilder<InlineFile>();
        foreach (var use in service.FileUses)
        {
            var (key, texts) = use.IsSecret ? ("secrets", secrets) : ("configs", configs);
            if (!texts.TryGetValue(use.Source, out var content))
            {
                reading.Fail(use.At, $"'{Core.Reports.OneLine.Of(use.Source)}' is not named under '{key}' of the application{reading.Hint(use.Source, texts.Keys)}");
            }
            else if (reading.TakeFile(use.At, content))
            {
                files.Add(new InlineFile(use.Target, content, use.Mode, use.Uid, use.Gid, use.IsSecret));
            }
        }

        return service with { FileUses = [], Files = [.. files.OrderBy(file => file.Target, StringComparer.Ordinal)] };
    }

    private static VolumeDefinition? Volume(string application, YamlEntry entry, Reading reading)
    {
        var fields = reading.Open(Reading.IsNothing(entry.Value) ? new YamlMapping([], entry.Key.At, null) : entry.Value, $"volume '{entry.Key.Text}'");
        var external = External(fields, reading, out var outside);
        var name = fields.Text("name") ?? outside ?? (external ? entry.Key.Text : $"{application}_{entry.Key.Text}");
        var driver = fields.Text("driver") ?? "local";
        var options = fields.Node("driver_opts") is { } written ? reading.Pairs(written, "'driver_opts'", valueNeeded: true) : ImmutableSortedDictionary<string, string>.Empty;
        var labels = fields.Node("labels") is { } given ? ServiceValues.Labels(given, reading) : ImmutableSortedDictionary<string, string>.Empty;
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
        var external = External(fields, reading, out var outside);
        var network = Defaults(application, entry.Key.Text, entry.Key.At) with
        {
            Name = fields.Text("name") ?? outside ?? (external ? entry.Key.Text : $"{application}_{entry.Key.Text}"),
            External = external,
            Driver = fields.Text("driver") ?? "bridge",
            Internal = fields.Boolean("internal") ?? false,
            Ipv6 = fields.Boolean("enable_ipv6") ?? false,
            Options = fields.Node("driver_opts") is { } options ? reading.Pairs(options, "'driver_opts'", valueNeeded: true) : ImmutableSortedDictionary<string, string>.Empty,
            Labels = fields.Node("labels") is { } labels ? ServiceValues.Labels(labels, reading) : ImmutableSortedDictionary<string, string>.Empty,
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

    /// <summary><c>true</c>, or the older form <c>{name: …}</c>.</summary>
    private static bool External(YamlFields fields, Reading reading, out string? name)
    {
        name = null;
        if (fields.Node("external") is not YamlMapping older)
        {
            return fields.Boolean("external") ?? false;
        }

        var inner = reading.Open(older, "'external'");
        name = inner.Text("name");
        inner.RejectUnknown();
        return true;
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

    /// <summary>A network of which nothing is said.</summary>
    public static NetworkDefinition Defaults(string application, string key, Core.Reports.Position at) => new(
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
