namespace Gateway.Core.Trust;

/// <summary>A key in the trusted directory, as its certificates there describe it.</summary>
/// <param name="Fingerprint">Of the primary key, 40 upper-case hexadecimal digits.</param>
/// <param name="User">The first user id, for people to read; empty when there is none.</param>
/// <param name="Created">When the primary key was made.</param>
/// <param name="Expires">When it expires, the latest of all copies; null for never.</param>
/// <param name="Revoked">Whether any file holds a revocation of it.</param>
public sealed record TrustedKey(string Fingerprint, string User, DateTimeOffset Created, DateTimeOffset? Expires, bool Revoked);
