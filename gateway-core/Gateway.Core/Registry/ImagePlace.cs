namespace Gateway.Core.Registry;

/// <summary>Where an image is in a registry.</summary>
/// <param name="Registry">Host and port; <c>docker.io</c> is Docker Hub.</param>
/// <param name="Repository">Path in it: <c>library/nginx</c>.</param>
/// <param name="TagOrDigest"><c>1.0</c> or <c>sha256:…</c>.</param>
/// <param name="PlainHttp">Without TLS, as the engine is set up to speak to it.</param>
public sealed record ImagePlace(string Registry, string Repository, string TagOrDigest, bool PlainHttp)
{
    /// <summary>Of <c>/v2/&lt;repository&gt;/</c>.</summary>
    public Uri Address => new($"{(PlainHttp ? "http" : "https")}://{(Registry == "docker.io" ? "registry-1.docker.io" : Registry)}/v2/{Repository}/");
}
