using System.Collections.Immutable;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>Reads what ties services together: <c>depends_on</c>, <c>links</c>, <c>networks</c>, <c>extra_hosts</c>.</summary>
internal static class LinkReader
{
    private static readonly (string Word, DependencyCondition Condition)[] Conditions =
    [
        ("service_started", DependencyCondition.Started),
        ("service_healthy", DependencyCondition.Healthy),
        ("service_completed_successfully", DependencyCondition.CompletedSuccessfully),
    ];

    public static ImmutableArray<Dependency> DependsOn(YamlNode node, Reading reading)
    {
        if (node is not YamlMapping map)
        {
            return [.. reading.Texts(node, "'depends_on'").Distinct(StringComparer.Ordinal).Select(name => new Dependency(name, DependencyCondition.Started, false, true))];
        }

        var result = ImmutableArray.CreateBuilder<Dependency>();
        foreach (var entry in map.Entries)
        {
            var fields = reading.Open(Reading.IsNothing(entry.Value) ? new YamlMapping([], entry.Value.At, null) : entry.Value, $"'depends_on' of '{entry.Key.Text}'");
            var word = fields.Text("condition") ?? "service_started";
            var found = Conditions.FirstOrDefault(pair => pair.Word == word);
            if (found.Word is null)
            {
                fields.Fail(fields.Node("condition")!, $"'condition' must be one of {string.Join(", ", Conditions.Select(pair => pair.Word))}");
            }

            result.Add(new Dependency(entry.Key.Text, found.Condition, fields.Boolean("restart") ?? false, fields.Boolean("required") ?? true));
            fields.RejectUnknown();
        }

        return result.ToImmutable();
    }

    public static ImmutableArray<Link> Links(YamlNode node, Reading reading) =>
    [
        .. reading.Texts(node, "'links'").Select(text => text.Split(':', 2)).Select(parts => new Link(parts[0], parts[^1])),
    ];

    public static ImmutableArray<NetworkAttachment> Networks(YamlNode node, Reading reading)
    {
        if (node is not YamlMapping map)
        {
            return [.. reading.Texts(node, "'networks'").Distinct(StringComparer.Ordinal).Select(name => new NetworkAttachment(name, [], null, null))];
        }

        var result = ImmutableArray.CreateBuilder<NetworkAttachment>();
        foreach (var entry in map.Entries)
        {
            if (Reading.IsNothing(entry.Value))
            {
                result.Add(new NetworkAttachment(entry.Key.Text, [], null, null));
                continue;
            }

            var fields = reading.Open(entry.Value, $"network '{entry.Key.Text}'");
            var local = fields.Texts("link_local_ips");
            foreach (var wrong in local.Where(address => !Addresses.IsAddress(address)))
            {
                fields.Fail(fields.Node("link_local_ips")!, $"'link_local_ips' has '{Core.Reports.OneLine.Of(wrong)}', which is not an address");
            }

            result.Add(new NetworkAttachment(entry.Key.Text, fields.Texts("aliases"), Address(fields, "ipv4_address"), Address(fields, "ipv6_address")) { LinkLocal = local });
            _ = fields.Integer("priority");
            fields.RejectUnknown();
        }

        return result.ToImmutable();
    }

    public static ImmutableArray<string> ExtraHosts(YamlNode node, Reading reading)
    {
        var result = ImmutableArray.CreateBuilder<string>();
        if (node is YamlMapping map)
        {
            foreach (var entry in map.Entries)
            {
                result.AddRange(reading.Texts(entry.Value, "'extra_hosts'", single: true).Select(address => $"{entry.Key.Text}:{address}"));
            }
        }
        else
        {
            foreach (var text in reading.Texts(node, "'extra_hosts'"))
            {
                var cut = text.IndexOfAny([':', '=']);
                result.Add(cut < 0 ? text : $"{text[..cut]}:{text[(cut + 1)..].Trim('[', ']')}");
            }
        }

        foreach (var host in result)
        {
            var colon = host.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || (host[(colon + 1)..] != "host-gateway" && !Addresses.IsAddress(host[(colon + 1)..])))
            {
                reading.Fail(node, $"'extra_hosts': '{host}' is not name:address");
            }
        }

        return result.ToImmutable();
    }

    private static string? Address(YamlFields fields, string key)
    {
        var text = fields.Text(key);
        if (text is not null && !Addresses.IsAddress(text))
        {
            fields.Fail(fields.Node(key)!, $"'{key}' is not an address: '{text}'");
        }

        return text;
    }
}
