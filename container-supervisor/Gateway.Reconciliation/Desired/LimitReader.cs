using System.Collections.Immutable;
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

    /// <summary>A number of microseconds, or a duration such as <c>950ms</c>.</summary>
    public static long? Microseconds(YamlNode node, Reading reading, string what) =>
        node is YamlScalar scalar && CoreSchema.Integer(scalar) is null ? reading.Duration(node, what)?.Ticks / 10 : reading.Integer(node, what, 0, 60_000_000);

    public static long? Swap(YamlNode node, Reading reading) => node is YamlScalar { Text: "-1" } ? -1 : reading.Bytes(node, "'memswap_limit'");

    /// <summary><c>deploy.resources.limits</c>.</summary>
    public static Service Limits(Service service, YamlNode node, Reading reading)
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
}
