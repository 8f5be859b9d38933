using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Core.Trust.OpenPgp;

namespace Gateway.Core.Trust;

/// <summary>Takes a renewed copy of a key out of what a key server sent.</summary>
public static class RenewedKey
{
    /// <summary>
    /// The copy of the key with this primary fingerprint, as a binary keyring; everything else is dropped, so a server
    /// can add nobody to the trusted keys. That its expiry and subkeys are signed by the key itself is verified by gpgv
    /// each time the key is used.
    /// </summary>
    /// <param name="sent">Armored or binary.</param>
    /// <param name="fingerprint">40 upper-case hexadecimal digits.</param>
    /// <param name="withRevocations">
    /// Whether revocations of the key are kept. Not from a server that did not prove who it is: a forged one is refused
    /// by gpgv, and would make void what the key has signed until somebody looks.
    /// </param>
    /// <param name="source">For messages.</param>
    public static Result<byte[]> Extract(ReadOnlySpan<byte> sent, string fingerprint, bool withRevocations, string source)
    {
        ImmutableArray<Certificate> certificates;
        try
        {
            certificates = KeyFile.Read(sent).Certificates;
        }
        catch (OpenPgpRefusedException wrong)
        {
            return new Failure(Phase.Fetch, source, OneLine.Of($"what came is no key: {wrong.Message}"));
        }

        var wanted = certificates.Where(certificate => certificate.Fingerprint == fingerprint).ToImmutableArray();
        if (wanted.IsEmpty)
        {
            return new Failure(Phase.Fetch, source, $"what came is not the key {fingerprint}: it is not taken");
        }

        using var keyring = new MemoryStream();
        foreach (var certificate in wanted)
        {
            (withRevocations ? certificate : Without(certificate)).WriteTo(keyring);
        }

        return keyring.ToArray();
    }

    private static Certificate Without(Certificate certificate) => certificate with
    {
        Primary = Without(certificate.Primary),
        Parts = [.. certificate.Parts.Select(Without)],
    };

    private static Component Without(Component component) => component with { Signatures = [.. component.Signatures.Where(packet => !Component.IsRevocation(packet))] };
}
