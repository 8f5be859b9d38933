using System.Collections.Immutable;
using System.Globalization;
using Gateway.Playbooks.Expressions.Evaluation;
using Gateway.Playbooks.Expressions.Methods;
using Gateway.Playbooks.Expressions.Syntax;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>The basics of ansible.utils' ipaddr: whether a text is an address, its parts, and networks in networks.</summary>
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
            return Judge(evaluator, value, query, six);
        }

        return ListValue.Of(Items.Of(list, evaluator.Budget).Select(item => Judge(evaluator, item, query, six)).Where(item => item.IsTrue));
    }

    /// <summary>What the query makes of one text: False for what is no address, None when the query does not hold.</summary>
    private static Value Judge(Evaluator evaluator, Value value, string query, bool? six)
    {
        if (value is not TextValue text || Address.Parse(text.Value.Trim()) is not { } address || (six ?? address.IsSix) != address.IsSix)
        {
            return BoolValue.False;
        }

        return AddressQuery.Of(address, text.Value, query) is { } found ? found is TextValue made ? evaluator.Budget.Text(made.Value) : found : NullValue.None;
    }

    private static Value Subnet(Evaluator evaluator, Value value, Arguments arguments)
    {
        var bound = arguments.Bind("ipsubnet", 0, "query", "index");
        if (Address.Parse(evaluator.Budget.Str(value)) is not { } address)
        {
            return BoolValue.False;
        }

        var query = bound[0] is { } given ? evaluator.Budget.Str(given) : "";
        if (query.Length == 0)
        {
            return address.At(address.Network);
        }

        if (!int.TryParse(query, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return Rank(address, query);
        }

        return length > address.Width ? BoolValue.False
            : bound[1] is null or NullValue ? Divided(address, length)
            : address.Free == 0 ? Around(address, length, TextMethods.Integer(bound[1], 0))
            : Part(address, length, TextMethods.Integer(bound[1], 0));
    }

    private static Value Divided(Address address, int length) => address.Free == 0 ? (address with { Prefix = length }) is var around ? around.At(around.Network) : ""
        : length < address.Prefix ? throw new TemplateException($"Requested subnet size of {length} is invalid")
        : ((UInt128)1 << Math.Min(127, length - address.Prefix)).ToString(CultureInfo.InvariantCulture);

    /// <summary>The networks around an address, from the widest asked for to the narrowest.</summary>
    private static Value Around(Address address, int length, long index)
    {
        var prefix = index < 0 ? address.Width + index : length + index;
        return prefix >= length && prefix < address.Width && (address with { Prefix = (int)prefix }) is var around ? around.At(around.Network) : BoolValue.False;
    }

    private static Value Part(Address address, int length, long index)
    {
        if (length < address.Prefix)
        {
            return BoolValue.False;
        }

        var count = (UInt128)1 << Math.Min(127, length - address.Prefix);
        var place = index < 0 ? count - (UInt128)(-index) : (UInt128)index;
        return place < count ? (address with { Prefix = length }).At(address.Network + (place << (address.Width - length))) : BoolValue.False;
    }

    /// <summary>Which part of its size a network is in one around it, from 1 on.</summary>
    private static Value Rank(Address address, string query) => Address.Parse(query) is not { } around ? throw new TemplateException($"You must pass a valid subnet or IP address; {query} is invalid")
        : address.IsInside(around) ? (((address.Network - around.Network) >> address.Free) + 1).ToString(CultureInfo.InvariantCulture)
        : throw new TemplateException($"{address.At(address.Network)} is not in the subnet {around.At(around.Network)}");

    private static Value NthHost(Evaluator evaluator, Value value, Arguments arguments)
    {
        var index = TextMethods.Integer(arguments.Bind("nthhost", 1, "query")[0], 0);
        return index != 0 && Address.Parse(evaluator.Budget.Str(value)) is { } address && address.Nth(index) is { } bits ? evaluator.Budget.Text(address.Text(bits)) : BoolValue.False;
    }

    private static Value Within(Evaluator evaluator, Value value, Arguments arguments) =>
        Address.Parse(evaluator.Budget.Str(value)) is { } around && Address.Parse(evaluator.Budget.Str(arguments.Bind("network_in_network", 1, "test")[0]!)) is { } inner && inner.IsInside(around);
}
