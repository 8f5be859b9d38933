using System.Collections.Immutable;
using System.Text;
using System.Buffers.Binary;

namespace Gateway.Core.Trust.OpenPgp;

/// <summary>Kinds of packets (RFC 9580, section 5).</summary>
internal static class PacketTag
{
    public const int Signature = 2;
    public const int SecretKey = 5;
    public const int PublicKey = 6;
    public const int SecretSubkey = 7;
    public const int Marker = 10;
    public const int Trust = 12;
    public const int UserId = 13;
    public const int PublicSubkey = 14;
    public const int UserAttribute = 17;
    public const int Padding = 21;
}

/// <summary>One OpenPGP packet.</summary>
/// <param name="Tag">One of <see cref="PacketTag"/>, or something else.</param>
/// <param name="Body">Without its header.</param>
/// <param name="Raw">With its header, as it came.</param>
internal readonly record struct Packet(int Tag, ReadOnlyMemory<byte> Body, ReadOnlyMemory<byte> Raw)
{
    /// <summary>Splits bytes into packets; lengths that are partial or indeterminate (which only messages use) are refused.</summary>
    public static ImmutableArray<Packet> ReadAll(ReadOnlyMemory<byte> bytes)
    {
        var packets = ImmutableArray.CreateBuilder<Packet>();
        while (!bytes.IsEmpty)
        {
            var (tag, header, length) = ReadHeader(bytes.Span);
            if (length > bytes.Length - header)
            {
                throw new OpenPgpRefusedException("is cut short");
            }

            var whole = header + (int)length;
            packets.Add(new Packet(tag, bytes[header..whole], bytes[..whole]));
            bytes = bytes[whole..];
        }

        return packets.ToImmutable();
    }

    /// <summary>Body as text, for a user id.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);

    private static (int Tag, int Header, long Length) ReadHeader(ReadOnlySpan<byte> bytes)
    {
        var first = bytes[0];
        if ((first & 0x80) == 0)
        {
            throw new OpenPgpRefusedException("is not OpenPGP data");
        }

        return (first & 0x40) != 0
            ? NewFormat(first & 0x3F, bytes[1..])
            : OldFormat((first >> 2) & 0x0F, first & 3, bytes[1..]);
    }

    private static (int Tag, int Header, long Length) OldFormat(int tag, int lengthType, ReadOnlySpan<byte> rest) => lengthType switch
    {
        0 => (tag, 2, Need(rest, 1)[0]),
        1 => (tag, 3, BinaryPrimitives.ReadUInt16BigEndian(Need(rest, 2))),
        2 => (tag, 5, BinaryPrimitives.ReadUInt32BigEndian(Need(rest, 4))),
        _ => throw new OpenPgpRefusedException("has a packet of indeterminate length"),
    };

    private static (int Tag, int Header, long Length) NewFormat(int tag, ReadOnlySpan<byte> rest) => Need(rest, 1)[0] switch
    {
        < 192 and var one => (tag, 2, one),
        < 224 and var high => (tag, 3, ((high - 192) << 8) + Need(rest, 2)[1] + 192),
        255 => (tag, 6, BinaryPrimitives.ReadUInt32BigEndian(Need(rest, 5)[1..])),
        _ => throw new OpenPgpRefusedException("has a packet of partial length"),
    };

    private static ReadOnlySpan<byte> Need(ReadOnlySpan<byte> bytes, int count) =>
        bytes.Length >= count ? bytes : throw new OpenPgpRefusedException("is cut short");
}
