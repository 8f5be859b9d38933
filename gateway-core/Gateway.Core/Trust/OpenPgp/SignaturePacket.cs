using System.Buffers.Binary;

namespace Gateway.Core.Trust.OpenPgp;

/// <summary>
/// What a version 4 signature packet says of itself (RFC 9580, section 5.2.3). Nothing here is verified: it serves to
/// sort and to explain, and gpgv decides.
/// </summary>
/// <param name="Class">Signature type: 0 a binary document, 0x20 a key revocation, 0x28 a subkey revocation, …</param>
/// <param name="Created">When it was made, Unix seconds.</param>
/// <param name="KeyExpiry">Seconds after the key's creation at which the key expires; 0 never.</param>
/// <param name="IssuerFingerprint">Upper-case hexadecimal digits; null when not given.</param>
/// <param name="IssuerKeyId">16 upper-case hexadecimal digits; null when not given.</param>
internal sealed record SignaturePacket(int Class, uint Created, uint KeyExpiry, string? IssuerFingerprint, string? IssuerKeyId)
{
    public const int BinaryDocument = 0x00;
    public const int GenericCertification = 0x10;
    public const int PositiveCertification = 0x13;
    public const int DirectKey = 0x1F;
    public const int KeyRevocation = 0x20;
    public const int SubkeyRevocation = 0x28;

    private const int SupportedVersion = 4;

    /// <summary>Fingerprint or key id of who claims to have made it; empty when it does not say.</summary>
    public string Issuer => IssuerFingerprint ?? IssuerKeyId ?? "";

    /// <summary>Whether it says to be made by the key of this fingerprint.</summary>
    public bool IsBy(string fingerprint) =>
        IssuerFingerprint is not null ? IssuerFingerprint == fingerprint : IssuerKeyId is not null && fingerprint.EndsWith(IssuerKeyId, StringComparison.Ordinal);

    /// <summary>Reads the body of a signature packet.</summary>
    public static SignaturePacket Read(ReadOnlySpan<byte> body)
    {
        if (body.Length < 10)
        {
            throw new OpenPgpRefusedException("holds a signature packet that is cut short");
        }

        if (body[0] != SupportedVersion)
        {
            throw new OpenPgpRefusedException($"holds a signature of version {body[0]}; version {SupportedVersion} is supported");
        }

        var packet = new SignaturePacket(body[1], 0, 0, null, null);
        var rest = packet.ReadArea(body[4..], hashed: true, out var withHashed);
        withHashed.ReadArea(rest, hashed: false, out var complete);
        return complete;
    }

    private ReadOnlySpan<byte> ReadArea(ReadOnlySpan<byte> bytes, bool hashed, out SignaturePacket result)
    {
        var length = bytes.Length < 2 ? int.MaxValue : BinaryPrimitives.ReadUInt16BigEndian(bytes);
        if (length > bytes.Length - 2)
        {
            throw new OpenPgpRefusedException("holds a signature packet that is cut short");
        }

        result = this;
        var area = bytes.Slice(2, length);
        while (!area.IsEmpty)
        {
            var subpacket = Next(ref area);
            result = result.With(subpacket[0] & 0x7F, subpacket[1..], hashed);
        }

        return bytes[(2 + length)..];
    }

    private static ReadOnlySpan<byte> Next(ref ReadOnlySpan<byte> area)
    {
        var (header, length) = area[0] switch
        {
            < 192 and var one => (1, (long)one),
            < 255 and var high when area.Length >= 2 => (2, ((high - 192) << 8) + area[1] + 192),
            255 when area.Length >= 5 => (5, BinaryPrimitives.ReadUInt32BigEndian(area[1..])),
            _ => (0, 0),
        };
        if (length == 0 || length > area.Length - header)
        {
            throw new OpenPgpRefusedException("holds a signature packet with a damaged subpacket");
        }

        var subpacket = area.Slice(header, (int)length);
        area = area[(header + (int)length)..];
        return subpacket;
    }

    private SignaturePacket With(int type, ReadOnlySpan<byte> value, bool hashed) => (type, value.Length) switch
    {
        (2, 4) when hashed => this with { Created = BinaryPrimitives.ReadUInt32BigEndian(value) },
        (9, 4) when hashed => this with { KeyExpiry = BinaryPrimitives.ReadUInt32BigEndian(value) },
        (16, 8) => this with { IssuerKeyId = IssuerKeyId ?? Convert.ToHexString(value) },
        (33, > 1) => this with { IssuerFingerprint = IssuerFingerprint ?? Convert.ToHexString(value[1..]) },
        _ => this,
    };
}
