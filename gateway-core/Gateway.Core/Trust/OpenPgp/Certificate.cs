using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;

namespace Gateway.Core.Trust.OpenPgp;

/// <summary>A primary key, user id or subkey with the signatures on it.</summary>
internal sealed record Component(Packet Head, ImmutableArray<Packet> Signatures)
{
    /// <summary>Both components' signatures, each once, revocations first.</summary>
    public Component With(IEnumerable<Packet> more)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var all = Signatures.Concat(more).Where(packet => seen.Add(Convert.ToHexString(packet.Body.Span)));
        return this with { Signatures = [.. all.OrderBy(packet => IsRevocation(packet) ? 0 : 1)] };
    }

    /// <summary>Whether a signature packet says to revoke a key or subkey.</summary>
    public static bool IsRevocation(Packet packet) =>
        packet.Body.Length > 1 && packet.Body.Span[1] is SignaturePacket.KeyRevocation or SignaturePacket.SubkeyRevocation;

    /// <summary>Whether both are about the same key or user id.</summary>
    public bool IsSame(Component other) => Head.Tag == other.Head.Tag && Head.Body.Span.SequenceEqual(other.Head.Body.Span);
}

/// <summary>One copy of somebody's public key: primary key, user ids, subkeys, each with its signatures. Nothing is verified here.</summary>
internal sealed record Certificate(string Fingerprint, Component Primary, ImmutableArray<Component> Parts)
{
    private const int SupportedVersion = 4;

    /// <summary>When the primary key was made.</summary>
    public DateTimeOffset Created => DateTimeOffset.FromUnixTimeSeconds(CreatedSeconds);

    /// <summary>When the key expires by its newest self-signature; null never.</summary>
    public DateTimeOffset? Expires =>
        SelfSignatures.OrderByDescending(signature => signature.Created).FirstOrDefault() is { KeyExpiry: > 0 } newest
            ? DateTimeOffset.FromUnixTimeSeconds((long)CreatedSeconds + newest.KeyExpiry)
            : null;

    /// <summary>Whether it carries a revocation of the primary key by itself.</summary>
    public bool IsRevoked => Claims(Primary).Any(signature => signature.Class == SignaturePacket.KeyRevocation && signature.IsBy(Fingerprint));

    /// <summary>The first user id.</summary>
    public string User => Parts.FirstOrDefault(part => part.Head.Tag == PacketTag.UserId)?.Head.Text ?? "";

    /// <summary>Every revocation of the primary key or a subkey, by the component it stands on.</summary>
    public IEnumerable<Component> Revocations =>
        Parts.Prepend(Primary)
            .Select(part => part with { Signatures = [.. part.Signatures.Where(Component.IsRevocation)] })
            .Where(part => !part.Signatures.IsEmpty);

    private uint CreatedSeconds => BinaryPrimitives.ReadUInt32BigEndian(Primary.Head.Body.Span[1..]);

    private IEnumerable<SignaturePacket> SelfSignatures =>
        Parts.Where(part => part.Head.Tag is PacketTag.UserId or PacketTag.UserAttribute).SelectMany(Claims)
            .Where(signature => signature.Class is >= SignaturePacket.GenericCertification and <= SignaturePacket.PositiveCertification)
            .Concat(Claims(Primary).Where(signature => signature.Class == SignaturePacket.DirectKey))
            .Where(signature => signature.IsBy(Fingerprint));

    /// <summary>A certificate from its packets, the first of which is a public key.</summary>
    public static Certificate Of(ImmutableArray<Packet> packets)
    {
        var components = new List<Component>();
        foreach (var packet in packets)
        {
            if (packet.Tag == PacketTag.Signature)
            {
                components[^1] = components[^1] with { Signatures = components[^1].Signatures.Add(packet) };
            }
            else
            {
                components.Add(new Component(packet, []));
            }
        }

        return new Certificate(FingerprintOf(packets[0].Body.Span), components[0], [.. components.Skip(1)]);
    }

    /// <summary>This with the signatures of others of the same components; with <paramref name="add"/>, also components that it lacks.</summary>
    public Certificate With(IEnumerable<Component> others, bool add)
    {
        var primary = Primary;
        var parts = Parts.ToList();
        foreach (var other in others)
        {
            var index = parts.FindIndex(other.IsSame);
            if (primary.IsSame(other))
            {
                primary = primary.With(other.Signatures);
            }
            else if (index >= 0)
            {
                parts[index] = parts[index].With(other.Signatures);
            }
            else if (add)
            {
                parts.Add(other);
            }
        }

        // User ids before subkeys, as readers of keyrings expect.
        return this with { Primary = primary, Parts = [.. parts.OrderBy(part => part.Head.Tag == PacketTag.PublicSubkey ? 1 : 0)] };
    }

    /// <summary>Appends the certificate as a keyring holds it.</summary>
    public void WriteTo(Stream keyring)
    {
        foreach (var part in Parts.Prepend(Primary))
        {
            keyring.Write(part.Head.Raw.Span);
            foreach (var signature in part.Signatures)
            {
                keyring.Write(signature.Raw.Span);
            }
        }
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350", Justification = "a version 4 fingerprint is a SHA-1 by definition (RFC 9580, section 5.5.4.2)")]
    private static string FingerprintOf(ReadOnlySpan<byte> body)
    {
        if (body.Length < 6 || body[0] != SupportedVersion || body.Length > ushort.MaxValue)
        {
            throw new OpenPgpRefusedException($"holds a key of version {(body.IsEmpty ? 0 : body[0])}; version {SupportedVersion} is supported");
        }

        var hashed = new byte[body.Length + 3];
        hashed[0] = 0x99;
        BinaryPrimitives.WriteUInt16BigEndian(hashed.AsSpan(1), (ushort)body.Length);
        body.CopyTo(hashed.AsSpan(3));
        return Convert.ToHexString(SHA1.HashData(hashed));
    }

    /// <summary>A third party's signature that cannot be read says nothing about the key's own.</summary>
    private static IEnumerable<SignaturePacket> Claims(Component component)
    {
        foreach (var packet in component.Signatures)
        {
            SignaturePacket claims;
            try
            {
                claims = SignaturePacket.Read(packet.Body.Span);
            }
            catch (OpenPgpRefusedException)
            {
                continue;
            }

            yield return claims;
        }
    }
}
