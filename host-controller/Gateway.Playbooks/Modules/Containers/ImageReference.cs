namespace Gateway.Playbooks.Modules;

/// <summary>Names of images as Docker writes them.</summary>
internal static class ImageReference
{
    private const int DigestLength = 64;

    /// <summary>Whether it is pinned to a content: <c>name@sha256:…</c>, or an image id <c>sha256:…</c>.</summary>
    public static bool HasDigest(string reference) => Digest(reference) is not null;

    /// <summary>The digest <c>sha256:…</c> in a reference; null when there is none.</summary>
    public static string? Digest(string reference)
    {
        var at = reference.LastIndexOf('@');
        var digest = at < 0 ? reference : reference[(at + 1)..];
        return digest.StartsWith("sha256:", StringComparison.Ordinal) && digest.Length == "sha256:".Length + DigestLength && digest["sha256:".Length..].All(char.IsAsciiHexDigitLower)
            ? digest
            : null;
    }

    /// <summary>Why a text is no reference; null when it is one.</summary>
    public static string? Problem(string reference) =>
        reference.Length is 0 or > 512 || reference.Any(c => char.IsWhiteSpace(c) || char.IsControl(c)) || reference.StartsWith('-')
            ? $"'{reference}' is no image reference"
            : reference.Contains('@', StringComparison.Ordinal) && !HasDigest(reference) ? $"'{reference}' needs a digest like @sha256: and 64 hexadecimal digits" : null;
}
