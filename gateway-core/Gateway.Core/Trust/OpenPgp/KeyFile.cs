using System.Collections.Immutable;

namespace Gateway.Core.Trust.OpenPgp;

/// <summary>What a file of the trusted directory holds.</summary>
/// <param name="Certificates">Public keys.</param>
/// <param name="Revocations">Revocation certificates without their key, as <c>gpg --gen-revoke</c> writes them.</param>
internal sealed record KeyFile(ImmutableArray<Certificate> Certificates, ImmutableArray<Packet> Revocations)
{
    private static ReadOnlySpan<byte> KeyboxMagic => "KBXf"u8;

    /// <summary>Reads an armored or binary file, or throws with what is wrong with it.</summary>
    public static KeyFile Read(ReadOnlySpan<byte> content)
    {
        if (content.IsEmpty)
        {
            throw new OpenPgpRefusedException("is empty");
        }

        if (content.Length > 12 && content[8..12].SequenceEqual(KeyboxMagic))
        {
            throw new OpenPgpRefusedException("is a keybox, gpg's private format; write the keys with: gpg --no-default-keyring --keyring FILE --export --output NEW.gpg");
        }

        var certificates = ImmutableArray.CreateBuilder<Certificate>();
        var revocations = ImmutableArray.CreateBuilder<Packet>();
        ImmutableArray<byte[]> blocks = (content[0] & 0x80) != 0 ? [content.ToArray()] : Armor.ReadAll(content, Armor.PublicKey);
        foreach (var block in blocks)
        {
            ReadBlock(block, certificates, revocations);
        }

        return new KeyFile(certificates.ToImmutable(), revocations.ToImmutable());
    }

    private static void ReadBlock(byte[] block, ImmutableArray<Certificate>.Builder certificates, ImmutableArray<Packet>.Builder revocations)
    {
        var current = ImmutableArray.CreateBuilder<Packet>();
        foreach (var packet in Packet.ReadAll(block).Where(IsWanted))
        {
            if (packet.Tag == PacketTag.PublicKey && current.Count > 0)
            {
                certificates.Add(Certificate.Of(current.ToImmutable()));
                current.Clear();
            }

            if (packet.Tag == PacketTag.PublicKey || current.Count > 0)
            {
                current.Add(packet);
            }
            else if (packet.Tag == PacketTag.Signature && SignaturePacket.Read(packet.Body.Span).Class == SignaturePacket.KeyRevocation)
            {
                revocations.Add(packet);
            }
            else
            {
                throw new OpenPgpRefusedException("does not begin with a public key");
            }
        }

        if (current.Count > 0)
        {
            certificates.Add(Certificate.Of(current.ToImmutable()));
        }
    }

    private static bool IsWanted(Packet packet) => packet.Tag switch
    {
        PacketTag.PublicKey or PacketTag.PublicSubkey or PacketTag.UserId or PacketTag.UserAttribute or PacketTag.Signature => true,
        PacketTag.Trust or PacketTag.Marker or PacketTag.Padding => false,
        PacketTag.SecretKey or PacketTag.SecretSubkey =>
            throw new OpenPgpRefusedException("holds a SECRET key: take it away at once and put the public one here (gpg --export)"),
        _ => throw new OpenPgpRefusedException($"holds a packet of kind {packet.Tag}, which no public key has"),
    };
}
