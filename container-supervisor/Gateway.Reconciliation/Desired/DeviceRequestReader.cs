using System.Collections.Immutable;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>Reads <c>gpus</c>, <c>deploy.resources.reservations.devices</c> and <c>device_cgroup_rules</c>.</summary>
internal static class DeviceRequestReader
{
    /// <summary><c>all</c>, or a list of mappings.</summary>
    public static ImmutableArray<DeviceRequest> Read(YamlNode node, Reading reading, string what)
    {
        switch (node)
        {
            case YamlScalar { Text: "all" }:
                return [new DeviceRequest(null, -1, [], ["gpu"], ImmutableSortedDictionary<string, string>.Empty)];
            case YamlSequence list:
                return [.. list.Items.Select(item => Request(item, reading, what))];
            default:
                reading.Fail(node, $"{what} must be a list of mappings with driver, count, device_ids, capabilities, options{(what == "'gpus'" ? ", or all" : "")}");
                return [];
        }
    }

    /// <summary>As the kernel's device controller has them: <c>c 188:* rwm</c>.</summary>
    public static ImmutableArray<string> Rules(YamlNode node, Reading reading)
    {
        var rules = reading.Texts(node, "'device_cgroup_rules'");
        foreach (var rule in rules.Where(rule => !DeviceRule.TryParse(rule, out _)))
        {
            reading.Fail(node, $"'device_cgroup_rules': '{rule}' is not like \"c 188:* rwm\"");
        }

        return rules;
    }

    private static DeviceRequest Request(YamlNode item, Reading reading, string what)
    {
        var fields = reading.Open(item, $"an item of {what}");
        var ids = fields.Texts("device_ids");
        var count = fields.Node("count") is YamlScalar { Text: "all" } ? -1 : fields.Integer("count", -1, 1000);
        var request = new DeviceRequest(
            fields.Text("driver"),
            (int)(count ?? (ids.IsEmpty ? -1 : 0)),
            ids,
            fields.Has("capabilities") || what != "'gpus'" ? fields.Texts("capabilities") : ["gpu"],
            fields.Node("options") is { } options ? reading.Pairs(options, "'options'", valueNeeded: true) : ImmutableSortedDictionary<string, string>.Empty);
        if (request.Capabilities.IsEmpty)
        {
            reading.Fail(item, $"an item of {what} needs 'capabilities', like [gpu]");
        }

        if (count is not null && !ids.IsEmpty)
        {
            reading.Fail(item, "'count' and 'device_ids' exclude each other");
        }

        fields.RejectUnknown();
        return request;
    }
}
