namespace Gateway.Core.Registry;

/// <summary>A layer of an image in a registry.</summary>
/// <param name="DiffId">Digest of its unpacked content, <c>sha256:…</c>: what an engine knows it by.</param>
/// <param name="Size">Bytes to download, compressed.</param>
public sealed record ImageLayer(string DiffId, long Size);
