using System.Collections.Immutable;
using Gateway.Core.Reports;

namespace Gateway.Core.Trust.OpenPgp;

/// <summary>
/// Every copy of one key. gpgv takes the first copy it meets and looks no further, so a revocation or a renewal in a
/// later file would go unseen; here each revocation is laid over every copy, and gpgv still verifies it.
/// </summary>
internal sealed class KeyCopies
{
    /// <summary>Single copies that are kept apart; the union holds all of them.</summary>
    private const int Most = 8;

    public KeyCopies(IReadOnlyCollection<Certificate> copies, IEnumerable<Packet> looseRevocations)
    {
        var fingerprint = copies.First().Fingerprint;
        var loose = copies.First().Primary with
        {
            Signatures = [.. looseRevocations.Where(packet => SignaturePacket.Read(packet.Body.Span).IsBy(fingerprint))],
        };
        var revocations = copies.SelectMany(copy => copy.Revocations).Append(loose).ToImmutableArray();
        Union = copies.First().With(copies.SelectMany(copy => copy.Parts.Prepend(copy.Primary)).Concat(revocations), add: true);
        Single = copies.Count == 1
            ? []
            : [.. copies.Select(copy => copy.With(revocations, add: false)).OrderByDescending(copy => copy.Expires ?? DateTimeOffset.MaxValue).Take(Most)];
    }

    /// <summary>All copies in one, as gpg itself would merge them: the newest self-signature decides.</summary>
    public Certificate Union { get; }

    /// <summary>The copies by themselves, the latest expiry first; empty when there is one only.</summary>
    public ImmutableArray<Certificate> Single { get; }

    /// <summary>For people and for the gate.</summary>
    public TrustedKey Describe()
    {
        var expiries = Single.Select(copy => copy.Expires).Append(Union.Expires).ToImmutableArray();
        return new TrustedKey(Union.Fingerprint, OneLine.Of(Union.User), Union.Created, expiries.Contains(null) ? null : expiries.Max(), Union.IsRevoked);
    }
}
