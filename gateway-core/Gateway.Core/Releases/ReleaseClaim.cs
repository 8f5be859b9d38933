using Gateway.Core.Trust;
using Gateway.Core.Yaml;

namespace Gateway.Core.Releases;

/// <summary>A verified and parsed document that asks to be let in.</summary>
/// <param name="Document">What messages call it.</param>
/// <param name="Stream">One of <see cref="ReleaseStream"/>.</param>
/// <param name="Release">Its release block.</param>
/// <param name="Sha256">Over its exact bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="Signature">Who signed it and when; null when a local setting waives signatures.</param>
public sealed record ReleaseClaim(string Document, string Stream, Release Release, string Sha256, GoodSignature? Signature)
{
    /// <summary>The claim of a verified text with the release block parsed from it.</summary>
    public static ReleaseClaim Of(string stream, Release release, Verified<SourceText> text) =>
        new(text.Value.Name, stream, release, text.Sha256, text.Signature);
}
