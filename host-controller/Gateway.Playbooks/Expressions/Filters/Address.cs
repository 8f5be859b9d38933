using System.Globalization;

namespace Gateway.Playbooks.Expressions.Filters;

/// <summary>An IP address with the length of its network's prefix (RFC 4632, RFC 4291; printed by RFC 5952).</summary>
/// <param name="Bits">The address as a number.</param>
/// <param name="IsSix">Whether it is of version 6.</param>
/// <param name="Prefix">Length of the prefix in bits.</param>
/// <param name="HasPrefix">Whether a prefix was written.</param>
internal readonly record struct Address(UInt128 Bits, bool IsSix, int Prefix, bool HasPrefix)
{
    public int Width => IsSix ? 128 : 32;

    public UInt128 Mask => Prefix == 0 ? 0 : (All << (Width - Prefix)) & All;

    public UInt128 Network => Bits & Mask;

    public UInt128 Last => Network | (All & ~Mask);

    private UInt128 All => IsSix ? UInt128.MaxValue : uint.MaxValue;

    /// <summary>How many bits are left for hosts.</summary>
    public int Free => Width - Prefix;

    /// <summary>Whether the network has an address for all of its hosts, as netaddr counts it.</summary>
    public bool HasBroadcast => IsSix || Free > 1;

    /// <summary>Whether it is ones and then zeros, or the reverse.</summary>
    public bool LooksLikeMask => ((Bits + 1) & Bits & All) == 0 || (((~Bits & All) + 1) & ~Bits & All) == 0;

    /// <summary>The address of version 4 that one of version 6 stands for; null when it does not.</summary>
    public string? AsFour => Bits >> 32 is var upper && (upper == 0xffff || upper == 0) ? $"{new Address(Bits & uint.MaxValue, false, 32, false).Text(Bits & uint.MaxValue)}/{Math.Max(0, Prefix - 96)}" : null;

    /// <summary>An address of its network with the length of the prefix.</summary>
    public string At(UInt128 bits) => $"{Text(bits)}/{Prefix}";

    /// <summary>One of the network's addresses, from the end when negative; null outside.</summary>
    public UInt128? Nth(long index)
    {
        var most = Last - Network;
        return index >= 0 ? (UInt128)index <= most ? Network + (UInt128)index : null : (UInt128)(-index) - 1 <= most ? Last - (UInt128)(-index) + 1 : null;
    }

    public bool IsInside(Address around) => IsSix == around.IsSix && Network >= around.Network && Last <= around.Last;

    public bool IsIn(params ReadOnlySpan<string> networks)
    {
        foreach (var network in networks)
        {
            if (IsInside(Parse(network)!.Value))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The name to ask for in the domain name system.</summary>
    public string Reverse()
    {
        var (bits, step, radix) = (Bits, IsSix ? 4 : 8, IsSix ? "x" : "d");
        var parts = Enumerable.Range(0, Width / step).Select(at => ((byte)(bits >> (at * step)) & ((1 << step) - 1)).ToString(radix, CultureInfo.InvariantCulture));
        return $"{string.Join('.', parts)}.{(IsSix ? "ip6" : "in-addr")}.arpa.";
    }

    /// <summary>Reads <c>a.b.c.d</c>, <c>a::b</c>, either with <c>/prefix</c> or, for version 4, <c>/mask</c>; null when it is neither.</summary>
    public static Address? Parse(string text)
    {
        var slash = text.IndexOf('/', StringComparison.Ordinal);
        var address = slash < 0 ? text : text[..slash];
        var isSix = address.Contains(':', StringComparison.Ordinal);
        if ((isSix ? Six(address) : Four(address)) is not { } bits)
        {
            return null;
        }

        var width = isSix ? 128 : 32;
        if (slash < 0)
        {
            return new Address(bits, isSix, width, HasPrefix: false);
        }

        return PrefixOf(text[(slash + 1)..], width) is { } prefix ? new Address(bits, isSix, prefix, HasPrefix: true) : null;
    }

    public string Text(UInt128 bits) => IsSix ? SixText(bits) : string.Join('.', Enumerable.Range(0, 4).Select(at => (byte)(bits >> (24 - (8 * at)))));

    private static int? PrefixOf(string text, int width)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var length))
        {
            return length <= width ? length : null;
        }

        if (width == 128 || Four(text) is not { } mask)
        {
            return null;
        }

        var ones = System.Numerics.BitOperations.PopCount((uint)mask);
        return (uint)mask == (ones == 0 ? 0 : uint.MaxValue << (32 - ones)) ? ones : null;
    }

    private static UInt128? Four(string text)
    {
        var parts = text.Split('.');
        UInt128 bits = 0;
        foreach (var part in parts)
        {
            if (part.Length is 0 or > 3 || !byte.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            bits = (bits << 8) | number;
        }

        return parts.Length == 4 ? bits : null;
    }

    private static UInt128? Six(string text)
    {
        var halves = text.Split("::");
        if (halves.Length > 2 || Groups(halves[0]) is not { } head || Groups(halves.Length == 2 ? halves[1] : "") is not { } tail)
        {
            return null;
        }

        var missing = 8 - head.Count - tail.Count;
        if (halves.Length == 2 ? missing < 1 : missing != 0)
        {
            return null;
        }

        return head.Concat(Enumerable.Repeat((ushort)0, missing)).Concat(tail).Aggregate((UInt128)0, (bits, group) => (bits << 16) | group);
    }

    private static List<ushort>? Groups(string text)
    {
        var groups = new List<ushort>();
        foreach (var part in text.Length == 0 ? [] : text.Split(':'))
        {
            if (part.Contains('.', StringComparison.Ordinal) && Four(part) is { } four)
            {
                groups.AddRange([(ushort)(four >> 16), (ushort)four]);
            }
            else if (part.Length is > 0 and <= 4 && ushort.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var group))
            {
                groups.Add(group);
            }
            else
            {
                return null;
            }
        }

        return groups;
    }

    /// <summary>The longest run of zero groups, the first of equals, is left out.</summary>
    private static string SixText(UInt128 bits)
    {
        var groups = Enumerable.Range(0, 8).Select(at => (ushort)(bits >> (112 - (16 * at)))).ToArray();
        var (start, length) = (-1, 1);
        for (var at = 0; at < 8; at++)
        {
            var run = groups.Skip(at).TakeWhile(group => group == 0).Count();
            if (run > length)
            {
                (start, length) = (at, run);
            }
        }

        string Hex(IEnumerable<ushort> some) => string.Join(':', some.Select(group => group.ToString("x", CultureInfo.InvariantCulture)));
        return start < 0 ? Hex(groups) : $"{Hex(groups[..start])}::{Hex(groups[(start + length)..])}";
    }
}
