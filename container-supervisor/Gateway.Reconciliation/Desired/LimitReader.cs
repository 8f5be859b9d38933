using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>Reads resource limits, which Compose takes in two places that must agree.</summary>
internal static class LimitReader
{
    public static Service Set(
        Service service,
        YamlNode node,
        Reading reading,
        string key,
        long? value,
        Func<ResourceLimits, long?> read,
        Func<ResourceLimits, long?, ResourceLimits> write)
    {
        if (value is not null && read(service.Limits) is { } other && other != value)
        {
            reading.Fail(node, $"'{key}' and 'deploy.resources' say different things");
        }

        return value is null ? service : service with { Limits = write(service.Limits, value) };
    }

    public static long? Cpus(YamlNode node, Reading reading)
    {
        if (node is YamlScalar scalar && Quantities.TryNanoCpus(scalar.Text, out var nano))
        {
            return nano;
        }

        reading.Fail(node, "'cpus' must be a number of processors above 0, like 0.5");
        return null;
    }

    public static long? Swap(YamlNode node, Reading reading) => node is YamlScalar { Text: "-1" } ? -1 : reading.Bytes(node, "'memswap_limit'");

    public static Service Deploy(Service service, YamlNode node, Reading reading)
    {
        var deploy = reading.Open(node, "'deploy'");
        _ = deploy.Integer("replicas", 1, 1);
        if (deploy.Node("resources") is { } inner)
        {
            var resources = reading.Open(inner, "'deploy.resources'");
            service = resources.Node("limits") is { } limits ? Limits(service, limits, reading) : service;
            if (resources.Node("reservations") is { } reserved)
            {
                var reservations = reading.Open(reserved, "'deploy.resources.reservations'");
                if (reservations.Node("memory") is { } memory)
                {
                    service = Set(service, memory, reading, "mem_reservation", reading.Bytes(memory, "'memory'"), l => l.MemoryReservation, static (l, v) => l with { MemoryReservation = v });
                }

                reservations.RejectUnknown();
            }

            resources.RejectUnknown();
        }

        deploy.RejectUnknown();
        return service;
    }

    private static Service Limits(Service service, YamlNode node, Reading reading)
    {
        var limits = reading.Open(node, "'deploy.resources.limits'");
        if (limits.Node("cpus") is { } cpus)
        {
            service = Set(service, cpus, reading, "cpus", Cpus(cpus, reading), l => l.NanoCpus, static (l, v) => l with { NanoCpus = v });
        }

        if (limits.Node("memory") is { } memory)
        {
            service = Set(service, memory, reading, "mem_limit", reading.Bytes(memory, "'memory'"), l => l.Memory, static (l, v) => l with { Memory = v });
        }

        if (limits.Node("pids") is { } pids)
        {
            service = Set(service, pids, reading, "pids_limit", reading.Integer(pids, "'pids'", -1, 4_194_304), l => l.Pids, static (l, v) => l with { Pids = v });
        }

        limits.RejectUnknown();
        return service;
    }
}
