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

        return Whole(service, map, reading);
    }

    /// <summary>What can be said only when all keys are read.</summary>
    private static Service Whole(Service service, YamlMapping map, Reading reading)
    {
        if (service.NetworkMode is not null && !service.Networks.IsEmpty)
        {
            reading.Fail(map["network_mode"]!, "'network_mode' and 'networks' exclude each other");
        }

        if (service.DeployRestart is { } other)
        {
            if (service.Restart is { } given && given != other && (given.Name, other.Name) is not ("always", "unless-stopped"))
            {
                reading.Fail(map["restart"]!, "'restart' and 'deploy.restart_policy' say different things");
            }

            service = service with { Restart = service.Restart ?? other, DeployRestart = null };
        }

        if (service.UpdateOrder == UpdateOrder.StartFirst && Alone(service) is { } what)
        {
            reading.Warn(service.At, $"service '{service.Name}': 'order: start-first' has no effect: two containers cannot have the same {what} at a time; the old one is stopped first");
            service = service with { UpdateOrder = UpdateOrder.StopFirst };
        }

        return service.NetworkMode is null && service.Networks.IsEmpty
            ? service with { Networks = [new NetworkAttachment("default", [], null, null)] }
            : service with { Networks = [.. service.Networks.OrderBy(use => use.Network, StringComparer.Ordinal)] };
    }

    /// <summary>What only one container at a time can have.</summary>
    private static string? Alone(Service service) =>
        service.Ports.Any(port => port.Published is not null) ? "published port"
        : service.Networks.Any(use => use.Ipv4 is not null || use.Ipv6 is not null) ? "address"
        : service.MacAddress is not null ? "mac_address"
        : null;

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
}
