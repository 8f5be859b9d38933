namespace Gateway.Core.Releases;

/// <summary>The highest release accepted on a stream.</summary>
/// <param name="Serial">Its serial.</param>
/// <param name="Sha256">SHA-256 over its exact bytes, 64 lower-case hexadecimal digits.</param>
/// <param name="Signer">Fingerprint of the primary key that signed it; null when a local setting waived the signature.</param>
public sealed record ReleaseMark(long Serial, string Sha256, string? Signer);
