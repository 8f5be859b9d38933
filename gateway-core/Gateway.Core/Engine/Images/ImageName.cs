using Gateway.Core.Reports;

namespace Gateway.Core.Engine;

/// <summary>An image's reference, taken apart: repository, then tag or digest; a digest makes the tag a comment.</summary>
internal sealed record ImageName(string Repository, string? Tag, string? Digest)
{
    /// <summary>What the engine is asked for: a reference without tag and digest means <c>latest</c> (the engine would take every tag).</summary>
    public string TagOrDigest => Digest ?? Tag ?? "latest";

    /// <summary>The reference by which a pulled image is found again.</summary>
    public string Canonical => Digest is null ? $"{Repository}:{TagOrDigest}" : $"{Repository}@{Digest}";

    public static Result<ImageName> Parse(string reference)
    {
        if (!EngineNames.IsImage(reference))
        {
            return EngineNames.NotAnImage(Phase.Apply, reference);
        }

        var at = reference.IndexOf('@', StringComparison.Ordinal);
        var digest = at < 0 ? null : reference[(at + 1)..];
        var named = at < 0 ? reference : reference[..at];
        var colon = named.LastIndexOf(':');
        return colon > named.LastIndexOf('/')
            ? new ImageName(named[..colon], named[(colon + 1)..], digest)
            : new ImageName(named, null, digest);
    }
}
