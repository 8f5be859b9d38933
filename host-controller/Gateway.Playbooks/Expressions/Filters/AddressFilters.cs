using System.Collections.Immutable;
using System.Globalization;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Methods;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>The basics of ansible.utils' ipaddr: whether a text is an address, and its parts.</summary>
internal static class AddressFilters
{
    public static ImmutableArray<Filter> All { get; } =
    [
        new("ipaddr", (evaluator, value, arguments) => Each(evaluator, value, arguments, "ipaddr", null)),
        new("ipv4", (evaluator, value, arguments) => Each(evaluator, value, arguments, "ipv4", false)),
        new("ipv6", (evaluator, value, arguments) => Each(evaluator, value, arguments, "ipv6", true)),
        new("ipwrap", (evaluator, value, _) => evaluator.Budget.Str(value) is var text && Address.Parse(text) is { IsSix: true } six
            ? evaluator.Budget.Text($"[{six.Text(six.Bits)}]{(six.HasPrefix ? $"/{six.Prefix}" : "")}") : value),
        new("ipsubnet", Subnet),
        new("nthhost", NthHost),
        new("network_in_network", Within),
    ];

    private static Value Each(Evaluator evaluator, Value value, Arguments arguments, string what, bool? six)
    {
        var query = arguments.Bind(what, 0, "query", "version", "alias")[0] is { } given ? evaluator.Budget.Str(given) : "";
        if (value is not ListValue list)
        {
            return Judge(evaluator, value, query, six) ?? BoolValue.False;
        }

        return ListValue.Of(Items.Of(list, evaluator.Budget).Select(item => Judge(evaluator, item, query, six)).OfType<Value>());
    }

    /// <summary>What the query makes of one text; null when it does not hold.</summary>
    private static Value? Judge(Evaluator evaluator, Value value, string query, bool? six)
    {
        if (value is not TextValue text || Address.Parse(text.Value.Trim()) is not { } address || (six ?? address.IsSix) != address.IsSix)
        {
            return null;
        }

        var found = Part(address, query);
        return found is string made ? evaluator.Budget.Text(made) : found is long number ? number : null;
    }

    private static object? Part(Address address, string query)
    {
        string At(UInt128 bits) => $"{address.Text(bits)}/{address.Prefix}";
        var own = address.HasPrefix ? At(address.Bits) : address.Text(address.Bits);
        var isNetwork = address.HasPrefix && address.Prefix < address.Width && address.Bits == address.Network;
        return query switch
        {
            "" => own,
            "address" or "ip" => isNetwork ? null : address.Text(address.Bits),
            "host" or "host/prefix" or "address/prefix" or "gateway" or "gw" or "ip/prefix" => isNetwork ? null : At(address.Bits),
            "network" or "network_id" => address.Text(address.Network),
            "net" => isNetwork ? own : null,
            "subnet" or "network/prefix" => At(address.Network),
            "netmask" => address.Text(address.Mask),
            "hostmask" or "wildcard" => address.Text(address.Last ^ address.Network),
            "prefix" => (long)address.Prefix,
            "size" => address.Width - address.Prefix < 63 ? (long)(address.Last - address.Network) + 1 : null,
            "broadcast" => address.IsSix || address.Width - address.Prefix < 2 ? null : address.Text(address.Last),
            "first_usable" => address.Width - address.Prefix < 2 ? null : address.Text(address.Network + 1),
            "last_usable" => address.Width - address.Prefix < 2 ? null : address.Text(address.Last - 1),
            "range_usable" => address.Width - address.Prefix < 2 ? null : $"{address.Text(address.Network + 1)}-{address.Text(address.Last - 1)}",
            "version" => address.IsSix ? 6L : 4L,
            "int" => address.Bits <= long.MaxValue ? (long)address.Bits : null,
            "bool" => own,
            "private" => IsPrivate(address) ? own : null,
            "public" or "unicast" when query == "public" => IsPrivate(address) || IsSpecial(address) ? null : own,
            "loopback" => IsLoopback(address) ? own : null,
            "multicast" => IsMulticast(address) ? own : null,
            "link-local" => IsLinkLocal(address) ? own : null,
            _ when long.TryParse(query, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var index) => Nth(address, index) is { } bits ? At(bits) : null,
            _ when Address.Parse(query) is { } around => IsInside(address, around) ? own : null,
            _ => throw new TemplateException($"ipaddr: the query '{query}' is not supported"),
        };
    }

    private static UInt128? Nth(Address address, long index)
    {
        var size = address.Last - address.Network;
        return index >= 0 ? (UInt128)index <= size ? address.Network + (UInt128)index : null : (UInt128)(-index) - 1 <= size ? address.Last - (UInt128)(-index) + 1 : null;
    }

    private static bool IsInside(Address address, Address around) => address.IsSix == around.IsSix && address.Network >= around.Network && address.Last <= around.Last;

    private static bool In(Address address, params ReadOnlySpan<string> networks)
    {
        foreach (var network in networks)
        {
            if (IsInside(address, Address.Parse(network)!.Value))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPrivate(Address address) => In(address, "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7");

    private static bool IsLoopback(Address address) => In(address, "127.0.0.0/8", "::1/128");

    private static bool IsMulticast(Address address) => In(address, "224.0.0.0/4", "ff00::/8");

    private static bool IsLinkLocal(Address address) => In(address, "169.254.0.0/16", "fe80::/10");

    private static bool IsSpecial(Address address) => IsLoopback(address) || IsMulticast(address) || IsLinkLocal(address) || In(address, "0.0.0.0/8", "240.0.0.0/4", "::/128");

    private static Value Subnet(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("ipsubnet", 0, "query", "index");
        if (Address.Parse(evaluator.Budget.Str(value)) is not { } address)
        {
            return BoolValue.False;
        }

        if (bound[0] is null)
        {
            return evaluator.Budget.Text($"{address.Text(address.Network)}/{address.Prefix}");
        }

        var length = (int)TextMethods.Integer(bound[0] is TextValue text ? (Value)long.Parse(text.Value, CultureInfo.InvariantCulture) : bound[0], 0);
        if (length < address.Prefix || length > address.Width)
        {
            return BoolValue.False;
        }

        var count = (UInt128)1 << Math.Min(127, length - address.Prefix);
        if (bound[1] is not { } at)
        {
            return evaluator.Budget.Text(count.ToString(CultureInfo.InvariantCulture));
        }

        var index = TextMethods.Integer(at, 0);
        var place = index < 0 ? count - (UInt128)(-index) : (UInt128)index;
        return place < count ? evaluator.Budget.Text($"{address.Text(address.Network + (place << (address.Width - length)))}/{length}") : BoolValue.False;
    }

    private static Value NthHost(Evaluator evaluator, Value value, Arguments arguments)
    {
        var index = TextMethods.Integer(arguments.Bind("nthhost", 1, "query")[0], 0);
        return Address.Parse(evaluator.Budget.Str(value)) is { } address && Nth(address, index) is { } bits ? evaluator.Budget.Text(address.Text(bits)) : BoolValue.False;
    }

    private static Value Within(Evaluator evaluator, Value value, Arguments arguments) =>
        Address.Parse(evaluator.Budget.Str(value)) is { } around && Address.Parse(evaluator.Budget.Str(arguments.Bind("network_in_network", 1, "test")[0]!)) is { } inner && IsInside(inner, around);
}
