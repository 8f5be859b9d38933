using System.Globalization;
using System.Text.RegularExpressions;
using Gateway.Core.Yaml;

namespace Gateway.Reconciliation.Desired;

/// <summary>Reads <c>ports</c> and <c>expose</c>, short and long form, with ranges.</summary>
internal static partial class PortReader
{
    private const int MostPorts = 1024;

    public static IEnumerable<PortMapping> Read(YamlNode node, Reading reading)
    {
        if (node is not YamlSequence list)
        {
            reading.Fail(node, "'ports' must be a list");
            return [];
        }

        var ports = list.Items.SelectMany(item => item is YamlMapping ? Long(item, reading) : Short(item, reading)).ToList();
        if (ports.Count > MostPorts)
        {
            reading.Fail(node, $"'ports' comes to {ports.Count} ports; at most {MostPorts} are allowed");
            return [];
        }

        foreach (var twice in ports.Where(port => port.Published is not null).GroupBy(port => port).Where(group => group.Count() > 1))
        {
            reading.Fail(node, $"port {twice.Key.Published} is published twice");
        }

        return ports;
    }

    /// <summary><c>80</c>, <c>80/udp</c>, <c>80-90</c> as <c>80/tcp</c> and so on.</summary>
    public static IEnumerable<string> Expose(YamlNode node, Reading reading)
    {
        foreach (var item in (node as YamlSequence)?.Items ?? [])
        {
            var match = Form().Match(reading.Text(item, "an item of 'expose'") ?? "");
            if (!match.Success || match.Groups["published"].Success || Range(match.Groups["target"].Value) is not { } range || range.Last - range.First >= MostPorts)
            {
                reading.Fail(item, "an item of 'expose' must be a port like 80 or 80/udp");
                continue;
            }

            for (var port = range.First; port <= range.Last && reading.TakePorts(item, 1); port++)
            {
                yield return $"{port}/{Protocol(match)}";
            }
        }

        if (node is not YamlSequence)
        {
            reading.Fail(node, "'expose' must be a list");
        }
    }

    private static List<PortMapping> Short(YamlNode item, Reading reading)
    {
        var text = reading.Text(item, "a port");
        if (text is null)
        {
            return [];
        }

        var match = Form().Match(text);
        if (!match.Success)
        {
            reading.Fail(item, $"'{text}' is not a port like 80, 8080:80, 127.0.0.1:8080:80 or 6060:6060/udp");
            return [];
        }

        var ip = match.Groups["ip"].Success ? match.Groups["ip"].Value.Trim('[', ']') : null;
        var published = match.Groups["published"] is { Success: true, Length: > 0 } given ? given.Value : null;
        return Expand(item, reading, ip, published, match.Groups["target"].Value, Protocol(match));
    }

    private static List<PortMapping> Long(YamlNode item, Reading reading)
    {
        var fields = reading.Open(item, "a port");
        var target = fields.Required("target") is null ? null : fields.Text("target");
        var published = fields.Text("published");
        var ip = fields.Text("host_ip");
        var protocol = fields.Text("protocol") ?? "tcp";
        _ = fields.Text("name");
        _ = fields.Text("app_protocol");
        if (fields.Text("mode") is { } mode and not ("host" or "ingress"))
        {
            fields.Fail(fields.Node("mode")!, $"'mode' must be host or ingress, not '{mode}'");
        }

        if (protocol is not ("tcp" or "udp" or "sctp"))
        {
            fields.Fail(fields.Node("protocol")!, $"'protocol' must be tcp, udp or sctp, not '{protocol}'");
        }

        fields.RejectUnknown();
        return target is null ? [] : Expand(item, reading, ip, published, target, protocol);
    }

    private static List<PortMapping> Expand(YamlNode item, Reading reading, string? ip, string? published, string target, string protocol)
    {
        if (ip is not null && !Addresses.IsAddress(ip))
        {
            reading.Fail(item, $"'{ip}' is not an address of this host");
            return [];
        }

        var to = Range(target);
        var from = published is null ? null : Range(published);
        if (to is not { } inside || (published is not null && from is null))
        {
            reading.Fail(item, "a port must be from 1 to 65535, a range like 8000-8010");
            return [];
        }

        var count = inside.Last - inside.First + 1;
        if (from is { } outside && outside.Last - outside.First + 1 != count && count != 1)
        {
            reading.Fail(item, "the two ranges of ports must have the same length");
            return [];
        }

        string? Host(int i) => from is not { } outer ? null : count == 1 && outer.First != outer.Last ? $"{outer.First}-{outer.Last}" : $"{outer.First + i}";
        return count > MostPorts ? TooMany(item, reading) : !reading.TakePorts(item, count) ? [] : [.. Enumerable.Range(0, count).Select(i => new PortMapping(ip, Host(i), inside.First + i, protocol))];
    }

    private static List<PortMapping> TooMany(YamlNode item, Reading reading)
    {
        reading.Fail(item, $"a range of more than {MostPorts} ports is not allowed");
        return [];
    }

    private static (int First, int Last)? Range(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        var (first, last) = dash < 0 ? (text, text) : (text[..dash], text[(dash + 1)..]);
        return int.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var a)
            && int.TryParse(last, NumberStyles.None, CultureInfo.InvariantCulture, out var b)
            && a is >= 1 and <= 65535 && b is >= 1 and <= 65535 && a <= b
            ? (a, b)
            : null;
    }

    private static string Protocol(Match match) => match.Groups["protocol"].Success ? match.Groups["protocol"].Value : "tcp";

    [GeneratedRegex(
        @"^((?<ip>\[[0-9a-fA-F:.]+\]|[0-9.]+):(?=.*:))?((?<published>[0-9]{0,5}(-[0-9]{1,5})?):)?(?<target>[0-9]{1,5}(-[0-9]{1,5})?)(/(?<protocol>tcp|udp|sctp))?\z",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000)]
    private static partial Regex Form();
}
