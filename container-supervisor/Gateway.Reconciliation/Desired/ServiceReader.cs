using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>Reads one service by the table of <see cref="ServiceKeys"/>.</summary>
internal static class ServiceReader
{
    private static readonly ImageReference NoImage = new("", "", null, null);

    public static Service Read(string application, YamlEntry entry, Reading reading)
    {
        var name = entry.Key.Text;
        var service = new Service { Name = name, ContainerName = $"{application}-{name}", Image = NoImage, At = entry.Key.At };
        if (entry.Value is not YamlMapping map)
        {
            reading.Fail(entry.Value, $"service '{name}' must be a mapping, not {entry.Value.Kind}");
            return service;
        }

        foreach (var (key, value) in map.Entries.Select(pair => (pair.Key, pair.Value)))
        {
            service = Read(service, key, value, reading);
        }

        if (map["image"] is null || Reading.IsNothing(map["image"]!))
        {
            reading.Fail(entry.Key, $"service '{name}' needs 'image'");
        }

        if (service.NetworkMode is not null && !service.Networks.IsEmpty)
        {
            reading.Fail(map["network_mode"]!, "'network_mode' and 'networks' exclude each other");
        }

        if (service.NetworkMode is null && service.Networks.IsEmpty)
        {
            return service with { Networks = [new NetworkAttachment("default", [], null, null)] };
        }

        return service with { Networks = [.. service.Networks.OrderBy(use => use.Network, StringComparer.Ordinal)] };
    }

    private static Service Read(Service service, YamlScalar key, YamlNode value, Reading reading)
    {
        var known = ServiceKeys.Find(key.Text);
        switch (known?.Support)
        {
            case null when key.Text.StartsWith("x-", StringComparison.Ordinal):
                return service with { Extensions = service.Extensions.SetItem(key.Text, CreateOptionsReader.Json(value)?.ToJsonString() ?? "null") };
            case null:
                reading.Fail(key, $"service '{service.Name}' has no key '{key.Text}'{reading.Hint(key.Text, ServiceKeys.All.Select(k => k.Name))}");
                return service;
            case KeySupport.Refused:
                reading.Fail(key, $"'{key.Text}' is refused: {known!.Note}");
                return service;
            case KeySupport.Ignored:
                reading.Warn(key.At, $"'{key.Text}' has no effect: {known!.Note}");
                return service;
            default:
                return Reading.IsNothing(value) || !reading.IsBearable(value, $"'{key.Text}'") ? service : known!.Read(service, value, reading);
        }
    }

    public static Service Image(Service service, YamlNode node, Reading reading)
    {
        if (reading.Word(node, "'image'") is not { } text)
        {
            return service;
        }

        if (ImageReference.TryParse(text, out var image))
        {
            return service with { Image = image };
        }

        reading.Fail(node, $"'{OneLine.Of(text)}' is not an image reference like registry.example.com/name:tag@sha256:…");
        return service;
    }

    public static ImmutableArray<string>? Words(YamlNode node, Reading reading, string what)
    {
        if (node is not YamlScalar)
        {
            return reading.Texts(node, what);
        }

        var text = reading.Text(node, what);
        if (text is null)
        {
            return null;
        }

        if (ShellWords.TrySplit(text, out var words))
        {
            return words;
        }

        reading.Fail(node, $"{what} has a quote that is not closed");
        return null;
    }

    public static ImmutableSortedDictionary<string, string> Labels(YamlNode node, Reading reading)
    {
        var labels = reading.Pairs(node, "'labels'", valueNeeded: false);
        foreach (var label in labels.Keys.Where(label => label.StartsWith(Names.LabelPrefix, StringComparison.OrdinalIgnoreCase)))
        {
            reading.Fail(node, $"label '{label}' is the supervisor's; choose one that does not begin with {Names.LabelPrefix}");
        }

        return labels;
    }

    public static string? OneOf(YamlNode node, Reading reading, string what, params ReadOnlySpan<string> words)
    {
        var text = reading.Text(node, what);
        if (text is null || words.Contains(text))
        {
            return text;
        }

        reading.Fail(node, $"{what} must be {string.Join(" or ", words.ToArray())}, not '{OneLine.Of(text)}'");
        return null;
    }

    public static ImmutableArray<string> Dns(YamlNode node, Reading reading)
    {
        var servers = reading.Texts(node, "'dns'", single: true);
        foreach (var server in servers.Where(server => !Addresses.IsAddress(server)))
        {
            reading.Fail(node, $"'dns': '{server}' is not an address");
        }

        return servers;
    }

    public static RestartPolicy? Restart(YamlNode node, Reading reading)
    {
        // An unquoted no is a string in YAML 1.2; some writers quote nothing and mean false.
        var text = reading.Text(node, "'restart'");
        if (text is null or "no" or "false" or "always" or "unless-stopped" or "on-failure")
        {
            return text is null ? null : new RestartPolicy(text == "false" ? "no" : text);
        }

        if (text.StartsWith("on-failure:", StringComparison.Ordinal) && int.TryParse(text["on-failure:".Length..], out var most) && most is >= 0 and <= 1_000_000)
        {
            return new RestartPolicy("on-failure", most);
        }

        reading.Fail(node, $"'restart' must be no, on-failure[:n], always or unless-stopped, not '{OneLine.Of(text)}'");
        return null;
    }

    public static Service ContainerName(Service service, YamlNode node, Reading reading)
    {
        if (reading.Word(node, "'container_name'") is not { } name)
        {
            return service;
        }

        if (Names.IsContainer(name))
        {
            return service with { ContainerName = name };
        }

        reading.Fail(node, $"'{OneLine.Of(name)}' cannot be a container's name: letters, digits, '_', '-', '.', not ending in {Names.PreviousSuffix}");
        return service;
    }

    public static ImmutableArray<string> Capabilities(YamlNode node, Reading reading, string what) =>
    [
        .. reading.Texts(node, what).Select(Capability).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary><c>cap_net_admin</c> and <c>NET_ADMIN</c> are one capability to the engine.</summary>
    public static string Capability(string text)
    {
        var upper = text.ToUpperInvariant();
        return upper.StartsWith("CAP_", StringComparison.Ordinal) ? upper[4..] : upper;
    }

    public static ImmutableArray<Ulimit> Ulimits(YamlNode node, Reading reading)
    {
        var result = ImmutableArray.CreateBuilder<Ulimit>();
        foreach (var entry in reading.Open(new YamlMapping([new YamlEntry(new YamlScalar("ulimits", true, node.At, null), node)], node.At, null), "a service").Entries("ulimits"))
        {
            if (entry.Value is YamlMapping)
            {
                var fields = reading.Open(entry.Value, $"ulimit '{entry.Key.Text}'");
                var soft = fields.Required("soft") is null ? null : fields.Integer("soft", -1);
                var hard = fields.Required("hard") is null ? null : fields.Integer("hard", -1);
                fields.RejectUnknown();
                result.Add(new Ulimit(entry.Key.Text, soft ?? 0, hard ?? 0));
            }
            else if (reading.Integer(entry.Value, $"ulimit '{entry.Key.Text}'", -1, long.MaxValue) is { } both)
            {
                result.Add(new Ulimit(entry.Key.Text, both, both));
            }
        }

        return [.. result.OrderBy(limit => limit.Name, StringComparer.Ordinal)];
    }

    public static Logging? Logging(YamlNode node, Reading reading)
    {
        var fields = reading.Open(node, "'logging'");
        var options = fields.Node("options") is { } written ? reading.Pairs(written, "'options'", valueNeeded: true) : ImmutableSortedDictionary<string, string>.Empty;
        var logging = new Logging(fields.Text("driver"), options);
        fields.RejectUnknown();
        return logging;
    }

    public static ImmutableArray<DeviceMapping> Devices(YamlNode node, Reading reading)
    {
        if (node is not YamlSequence list)
        {
            reading.Fail(node, "'devices' must be a list");
            return [];
        }

        return [.. list.Items.Select(item => Device(item, reading)).OfType<DeviceMapping>().OrderBy(device => device.Source, StringComparer.Ordinal)];
    }

    private static DeviceMapping? Device(YamlNode item, Reading reading)
    {
        if (item is YamlMapping)
        {
            var fields = reading.Open(item, "a device");
            var source = fields.Required("source") is null ? null : fields.Text("source");
            var device = source is null ? null : Device(item, reading, source, fields.Text("target"), fields.Text("permissions") ?? "rwm");
            fields.RejectUnknown();
            return device;
        }

        if (reading.Word(item, "a device") is not { } text)
        {
            return null;
        }

        var parts = text.Split(':');
        return parts.Length switch
        {
            1 => Device(item, reading, parts[0], null, "rwm"),
            2 when parts[1].Length > 0 && parts[1][0] != '/' => Device(item, reading, parts[0], null, parts[1]),
            2 => Device(item, reading, parts[0], parts[1], "rwm"),
            3 => Device(item, reading, parts[0], parts[1], parts[2]),
            _ => Device(item, reading, text, null, ""),
        };
    }

    private static DeviceMapping? Device(YamlNode item, Reading reading, string source, string? target, string permissions)
    {
        var alternatives = new List<string>();
        foreach (var alternative in source.Split('|'))
        {
            if (!HostPath.TryNormalise(alternative, out var normal) || !normal.StartsWith("/dev/", StringComparison.Ordinal) || normal.AsSpan().IndexOfAny("[]{}") >= 0)
            {
                reading.Fail(item, $"device '{OneLine.Of(alternative)}' must be a path below /dev/, with '*' and '?' for what varies");
                return null;
            }

            alternatives.Add(normal);
        }

        var inside = "";
        if (target is not null && !HostPath.TryNormalise(target, out inside))
        {
            reading.Fail(item, $"'{OneLine.Of(target)}' is not an absolute path in the container");
            return null;
        }

        if (permissions.Length == 0 || permissions.Any(c => c is not ('r' or 'w' or 'm')) || permissions.Distinct().Count() != permissions.Length)
        {
            reading.Fail(item, $"device permissions '{OneLine.Of(permissions)}' must be of the letters rwm");
            return null;
        }

        return new DeviceMapping(string.Join('|', alternatives), target is null ? null : inside, permissions, item.At);
    }
}
