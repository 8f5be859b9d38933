using System.Globalization;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>What <c>ipaddr</c> tells of an address or network: the queries of ansible.utils, netaddr's view of what is private or public.</summary>
internal static class AddressQuery
{
    /// <summary>The answer; null when the query does not hold.</summary>
    public static Value? Of(Address address, string given, string query) => Place(address, query) ?? Network(address, query) ?? Kind(address, given, query) ?? query switch
    {
        "" => address.HasPrefix ? address.At(address.Bits) : address.Text(address.Bits),
        "bool" => true,
        "cidr" => address.At(address.Bits),
        "int" when address.HasPrefix => $"{address.Bits}/{address.Prefix}",
        "int" => Number(address.Bits),
        "version" => address.IsSix ? 6L : 4L,
        "type" => address.Free == 0 || address.Bits != address.Network ? "address" : "network",
        "revdns" => address.Reverse(),
        "wrap" => address.IsSix ? $"[{address.Text(address.Bits)}]{(address.HasPrefix ? $"/{address.Prefix}" : "")}" : given,
        "ipv4" or "v4" => !address.IsSix ? given : address.AsFour is { } four ? four : (Value)false,
        "ipv6" or "v6" => address.IsSix ? given : $"::ffff:{address.Text(address.Bits)}/{address.Prefix + 96}",
        _ when Known.Contains(query) => null,
        _ when long.TryParse(query, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index) => Nth(address, index),
        _ when Address.Parse(query) is { } around => address.IsInside(around) ? (Value)given : null,
        _ => throw new TemplateException($"ipaddr: unknown filter type: {query}"),
    };

    private static readonly HashSet<string> Known = new(StringComparer.Ordinal)
    {
        "address", "ip", "host", "address/prefix", "gateway", "gw", "host/prefix", "hostnet", "router", "ip/prefix", "ip_netmask", "net", "broadcast", "first_usable", "last_usable",
        "next_usable", "previous_usable", "range_usable", "peer", "private", "public", "unicast", "multicast", "loopback", "lo", "link-local",
    };

    /// <summary>The address itself, in one form or the other, where it is that of a host.</summary>
    private static Value? Place(Address address, string query)
    {
        var isFirst = address.Bits == address.Network;
        var mayBeHost = address.Free == 0 || !isFirst || !address.HasBroadcast;
        return query switch
        {
            "address" or "ip" when mayBeHost || address.IsSix => address.Text(address.Bits),
            "host" when mayBeHost => address.At(address.Bits),
            "address/prefix" or "gateway" or "gw" or "host/prefix" or "hostnet" or "router" =>
                address.Free > 1 && (isFirst || address.Bits == address.Last) ? false : address.At(address.Bits),
            "ip/prefix" when address.Free == 1 || (address.Free > 1 && !isFirst) => address.At(address.Bits),
            "ip_netmask" when address.Free == 1 || (address.Free > 1 && !isFirst) => $"{address.Text(address.Bits)} {address.Text(address.Mask)}",
            "net" when address.Free > 0 && isFirst => address.At(address.Bits),
            _ => null,
        };
    }

    /// <summary>The network around the address.</summary>
    private static Value? Network(Address address, string query) => query switch
    {
        "network" or "network_id" => address.Text(address.Network),
        "subnet" or "network/prefix" => address.At(address.Network),
        "netmask" => address.Text(address.Mask),
        "hostmask" or "wildcard" => address.Text(address.Last ^ address.Network),
        "network_netmask" => $"{address.Text(address.Network)} {address.Text(address.Mask)}",
        "network_wildcard" => $"{address.Text(address.Network)} {address.Text(address.Last ^ address.Network)}",
        "prefix" => (long)address.Prefix,
        "size" => address.Free < 128 ? Number((UInt128)1 << address.Free) : null,
        "size_usable" => address.Free == 0 ? 0L : address.Free == 1 ? 2L : Number(address.Last - address.Network - 1),
        "broadcast" when address.Free > 1 => address.Text(address.Last),
        "first_usable" or "last_usable" or "next_usable" or "previous_usable" or "range_usable" or "peer" => Neighbour(address, query),
        _ => null,
    };

    private static Value? Neighbour(Address address, string query)
    {
        if (!address.HasPrefix)
        {
            throw new TemplateException("Not a network address");
        }

        if (query == "peer")
        {
            return Peer(address);
        }

        if (address.Free == 0)
        {
            return null;
        }

        var (first, last) = address.Free == 1 ? (address.Network, address.Last) : (address.Network + 1, address.Last - 1);
        Value? Within(UInt128 bits) => bits >= first && bits <= last ? (Value)address.Text(bits) : null;
        return query switch
        {
            "first_usable" => address.Text(first),
            "last_usable" => address.Text(last),
            "range_usable" => $"{address.Text(first)}-{address.Text(last)}",
            "next_usable" => Within(address.Bits + 1),
            _ => Within(address.Bits - 1),
        };
    }

    private static Value Peer(Address address) => (address.Free, (int)(address.Bits & 3)) switch
    {
        (1, _) => address.Text(address.Bits ^ 1),
        (2, 0) => throw new TemplateException("Network address of /30 has no peer"),
        (2, 3) => throw new TemplateException("Broadcast address of /30 has no peer"),
        (2, _) => address.Text(address.Bits ^ 3),
        _ => throw new TemplateException("Not a point-to-point network"),
    };

    /// <summary>The text as it was given when the address is of a kind.</summary>
    private static Value? Kind(Address address, string given, string query)
    {
        var isPrivate = address.IsIn(
            "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "192.0.0.0/24", "198.18.0.0/15", "169.254.0.0/16", "239.0.0.0/8", "fc00::/7", "fec0::/10", "fe80::/10");
        var isLoopback = address.IsIn("127.0.0.0/8", "::1/128");
        var isMulticast = address.IsIn("224.0.0.0/4", "ff00::/8");
        var holds = query switch
        {
            "private" => isPrivate,
            "public" => !isPrivate && !isLoopback && !isMulticast && !address.LooksLikeMask,
            "unicast" => !isMulticast,
            "multicast" => isMulticast,
            "loopback" or "lo" => isLoopback,
            "link-local" => address.IsIn("169.254.0.0/16", "fe80::/10"),
            _ => false,
        };
        return holds ? (Value)given : null;
    }

    private static Value Nth(Address address, long index) => address.Free == 0 ? (address.HasPrefix ? address.At(address.Bits) : address.Text(address.Bits))
        : address.Nth(index) is { } bits ? address.At(bits)
        : false;

    private static Value Number(UInt128 number) => number <= long.MaxValue ? (long)number : throw new TemplateException("the result does not fit into 64 bits; larger integers are not supported");
}
