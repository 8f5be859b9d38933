namespace Gateway.IntegrationTests.Fixtures;

/// <summary>A read-only registry on an HTTP server that can be made to fail: the engine pulls from it as from any other.</summary>
public sealed class FaultyRegistry
{
    private readonly HttpFixtureServer server;

    public FaultyRegistry(HttpFixtureServer server)
    {
        this.server = server;
        server.Put("/v2/", "{}", "application/json");
    }

    /// <summary>Serves an image; gives the reference, and the paths of its manifest and last layer, to be faulted or replaced.</summary>
    public (string Reference, string ManifestPath, string LayerPath) Put(string name, TestImage image)
    {
        var packed = PackedImage.Of(image);
        foreach (var (digest, blob) in packed.Blobs)
        {
            server.Put($"/v2/{name}/blobs/{digest}", blob);
        }

        var manifest = $"/v2/{name}/manifests/{packed.Digest}";
        server.Put(manifest, packed.Manifest, PackedImage.ManifestType);
        return ($"127.0.0.1:{server.Port}/{name}@{packed.Digest}", manifest, $"/v2/{name}/blobs/{packed.LastLayer}");
    }
}
