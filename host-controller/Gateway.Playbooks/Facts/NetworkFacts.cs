using System.Globalization;
using Gateway.Playbooks.Expressions;

namespace Gateway.Playbooks.Modules;

/// <summary>Interfaces with their addresses, default routes, name servers.</summary>
internal static class NetworkFacts
{
    public static bool IsInterface(FactSource source, string name) =>
        source.Reader.Machine.List("/sys/class/net").Any(device => FactName(device) == name);

    public static DictValue Read(FactSource source)
    {
        var addresses = source.Reader.Machine.Addresses();
        var devices = source.Reader.Machine.List("/sys/class/net").Where(device => source.Reader.Machine.Stat("/sys/class/net/" + device, follow: true)?.Kind == FileKind.Directory).ToList();
        var facts = Results.Of(
            ("ansible_all_ipv4_addresses", Results.List(addresses.Where(one => !one.IsSix && one.Device != "lo").Select(one => one.Text))),
            ("ansible_all_ipv6_addresses", Results.List(addresses.Where(one => one.IsSix && one.Device != "lo").Select(one => one.Text))),
            ("ansible_default_ipv4", Default(source, addresses, four: true)),
            ("ansible_default_ipv6", Default(source, addresses, four: false)),
            ("ansible_interfaces", Results.List(devices)));
        return devices.Aggregate(facts, (all, device) => all.With("ansible_" + FactName(device), Device(source, device, addresses)));
    }

    private static string FactName(string device) => device.Replace('-', '_').Replace('.', '_').Replace(':', '_');

    private static DictValue Device(FactSource source, string device, IReadOnlyList<InterfaceAddress> addresses)
    {
        string At(string file) => source.Kernel($"/sys/class/net/{device}/{file}");
        var facts = Results.Of(
            ("active", At("operstate") is "up" or "unknown"), ("device", device), ("type", Type(source, device)),
            ("mtu", long.TryParse(At("mtu"), CultureInfo.InvariantCulture, out var mtu) ? mtu : 0L),
            ("promisc", At("flags") is { Length: > 2 } flags && long.TryParse(flags[2..], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits) && (bits & 0x100) != 0));
        facts = At("address") is { Length: > 0 } mac && mac != "00:00:00:00:00:00" ? facts.With("macaddress", mac) : facts;
        facts = long.TryParse(At("speed"), CultureInfo.InvariantCulture, out var speed) ? facts.With("speed", speed) : facts;
        facts = source.Reader.Machine.Stat($"/sys/class/net/{device}/bridge", follow: true) is null ? facts : facts.With("interfaces", Results.List(source.Reader.Machine.List($"/sys/class/net/{device}/brif")));
        var four = addresses.Where(one => one.Device == device && !one.IsSix).Select(Four).ToList();
        facts = four.Count > 0 ? facts.With("ipv4", four[0]) : facts;
        facts = four.Count > 1 ? facts.With("ipv4_secondaries", ListValue.Of(four.Skip(1))) : facts;
        var six = addresses.Where(one => one.Device == device && one.IsSix).Select(one => (Value)Results.Of(("address", one.Text), ("prefix", one.Prefix.ToString(CultureInfo.InvariantCulture)), ("scope", one.Scope))).ToList();
        return six.Count > 0 ? facts.With("ipv6", ListValue.Of(six)) : facts;
    }

    private static Value Four(InterfaceAddress one)
    {
        var mask = one.Prefix == 0 ? 0u : uint.MaxValue << (32 - one.Prefix);
        var bits = one.Text.Split('.').Aggregate(0u, (all, part) => (all << 8) | uint.Parse(part, CultureInfo.InvariantCulture));
        return Results.Of(
            ("address", one.Text), ("broadcast", one.Device == "lo" ? "" : Dotted(bits | ~mask)), ("netmask", Dotted(mask)), ("network", Dotted(bits & mask)),
            ("prefix", one.Prefix.ToString(CultureInfo.InvariantCulture)));
    }

    private static string Dotted(uint bits) => $"{bits >> 24}.{(bits >> 16) & 255}.{(bits >> 8) & 255}.{bits & 255}";

    private static string Type(FactSource source, string device) => source.Kernel($"/sys/class/net/{device}/type") switch
    {
        _ when source.Reader.Machine.Stat($"/sys/class/net/{device}/bridge", follow: true) is not null => "bridge",
        _ when source.Reader.Machine.Stat($"/sys/class/net/{device}/bonding", follow: true) is not null => "bonding",
        "1" => "ether",
        "32" => "infiniband",
        "512" => "ppp",
        "772" => "loopback",
        _ => "unknown",
    };

    private static DictValue Default(FactSource source, IReadOnlyList<InterfaceAddress> addresses, bool four)
    {
        var (device, gateway) = four ? FourRoute(source) : SixRoute(source);
        if (device is null || addresses.FirstOrDefault(one => one.Device == device && one.IsSix == !four && one.Scope != "link") is not { } address)
        {
            return DictValue.Empty;
        }

        var facts = Device(source, device, addresses);
        var own = four ? (DictValue)Four(address) : Results.Of(("address", address.Text), ("prefix", address.Prefix.ToString(CultureInfo.InvariantCulture)), ("scope", address.Scope));
        Value Of(string key) => facts.TryGet(key, out var value) ? value : "";
        var route = Results.Of(("gateway", gateway), ("interface", device)).With(own).With(Results.Of(("macaddress", Of("macaddress")), ("mtu", Of("mtu")), ("type", Of("type"))));
        return four ? route.With("alias", device) : route;
    }

    /// <summary>/proc/net/route: numbers in hexadecimal, the lowest byte first.</summary>
    private static (string? Device, string Gateway) FourRoute(FactSource source)
    {
        var route = source.Kernel("/proc/net/route").Split('\n').Skip(1).Select(line => line.Split('\t', StringSplitOptions.TrimEntries))
            .Where(fields => fields.Length > 7 && fields[1] == "00000000" && fields[7] == "00000000").OrderBy(fields => int.Parse(fields[6], CultureInfo.InvariantCulture)).FirstOrDefault();
        if (route is null)
        {
            return (null, "");
        }

        var bits = uint.Parse(route[2], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        return (route[0], $"{bits & 255}.{(bits >> 8) & 255}.{(bits >> 16) & 255}.{bits >> 24}");
    }

    private static (string? Device, string Gateway) SixRoute(FactSource source)
    {
        var route = source.Kernel("/proc/net/ipv6_route").Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .FirstOrDefault(fields => fields.Length > 9 && fields[0] == new string('0', 32) && fields[1] == "00" && fields[9] != "lo");
        return route is null ? (null, "")
            : (route[9], Expressions.Filters.Address.Parse(string.Join(':', route[4].Chunk(4).Select(part => new string(part)))) is { } gateway ? gateway.Text(gateway.Bits) : "");
    }

    public static DictValue Dns(FactSource source)
    {
        var lines = source.Text("/etc/resolv.conf").Split('\n').Select(line => line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Where(words => words.Length > 1).ToList();
        var dns = Results.Of();
        var servers = lines.Where(words => words[0] == "nameserver").Select(words => words[1]).ToList();
        dns = servers.Count > 0 ? dns.With("nameservers", Results.List(servers)) : dns;
        var search = lines.Where(words => words[0] == "search").SelectMany(words => words.Skip(1)).ToList();
        return search.Count > 0 ? dns.With("search", Results.List(search)) : dns;
    }
}
