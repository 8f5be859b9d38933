using Gateway.Core.Releases;
using Gateway.Core.Trust;
using Gateway.Core.Yaml;

namespace Gateway.HostController.Cycle;

/// <summary>
/// The playbook in force on a stream, kept with its signature in one file so that a power cut cannot part them. It is
/// verified again each time it is applied.
/// </summary>
/// <param name="Schema">Version of this shape; 1.</param>
/// <param name="Stream">Its stream.</param>
/// <param name="Name">What messages call it: where it came from.</param>
/// <param name="Serial">Its release's serial.</param>
/// <param name="Expires">Its release's expiry.</param>
/// <param name="Sha256">Over its exact bytes.</param>
/// <param name="Signer">Fingerprint of the primary key that signed it.</param>
/// <param name="Accepted">When it was accepted.</param>
/// <param name="Content">Its exact bytes.</param>
/// <param name="Signature">The armored signature.</param>
/// <param name="IsBundle">Whether it is a bundle, which is kept in a folder of its own; the content here is its playbook.</param>
internal sealed record AcceptedPlaybook(
    int Schema,
    string Stream,
    string Name,
    long Serial,
    DateTimeOffset Expires,
    string Sha256,
    string? Signer,
    DateTimeOffset Accepted,
    byte[] Content,
    byte[] Signature,
    bool IsBundle = false)
{
    public const int KnownSchema = 1;

    /// <summary>A newly accepted playbook.</summary>
    public static AcceptedPlaybook Of(string stream, Release release, Verified<SourceText> text, ReadOnlyMemory<byte> signature, bool isBundle, DateTimeOffset now) =>
        new(KnownSchema, stream, text.Value.Name, release.Serial, release.Expires, text.Sha256, text.Signature?.Signer, now, text.Value.Utf8.ToArray(), signature.ToArray(), isBundle);
}
