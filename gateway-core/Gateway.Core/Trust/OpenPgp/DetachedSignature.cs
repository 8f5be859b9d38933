namespace Gateway.Core.Trust.OpenPgp;

/// <summary>Exactly one armored detached signature.</summary>
/// <param name="Packet">The one signature packet, binary: what gpgv is given, so that it sees nothing that was not checked here.</param>
/// <param name="Claims">What the packet says of itself.</param>
internal sealed record DetachedSignature(ReadOnlyMemory<byte> Packet, SignaturePacket Claims)
{
    /// <summary>Reads it, or throws with what is wrong.</summary>
    public static DetachedSignature Read(ReadOnlySpan<byte> armored, out int count)
    {
        var packets = OpenPgp.Packet.ReadAll(Armor.ReadSingle(armored, Armor.Signature));
        count = packets.Count(packet => packet.Tag == PacketTag.Signature);
        if (packets.Any(packet => packet.Tag != PacketTag.Signature))
        {
            throw new OpenPgpRefusedException("holds more than a signature: a signed message is not taken, only a detached signature");
        }

        return count == 1
            ? new DetachedSignature(packets[0].Raw, SignaturePacket.Read(packets[0].Body.Span))
            : throw new OpenPgpRefusedException($"holds {count} signatures; exactly one is allowed, by one signer");
    }
}
