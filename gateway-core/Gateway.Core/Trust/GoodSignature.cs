namespace Gateway.Core.Trust;

/// <summary>A signature that passed every rule.</summary>
/// <param name="Signer">Fingerprint of the primary key, 40 or 64 upper-case hexadecimal digits.</param>
/// <param name="SigningKey">Fingerprint of the key or subkey that made the signature.</param>
/// <param name="SignedAt">When it was made, as the signature says.</param>
public sealed record GoodSignature(string Signer, string SigningKey, DateTimeOffset SignedAt);
