using Gateway.Core.Engine;
using Gateway.Core.Registry;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Engine;

/// <summary>What an image is made of, asked from its registry before it is pulled.</summary>
public sealed class RegistryClientTests : IDisposable
{
    private static readonly RegistryAuth Ann = new("ann", "pw", "r");
    private readonly HttpFixtureServer server = HttpFixtureServer.Start();
    private readonly RegistryClient client = new();
    private readonly PackedImage image = PackedImage.Of(new TestImage());
    private readonly ImagePlace place;

    public RegistryClientTests()
    {
        var (reference, _, _) = new FaultyRegistry(server).Put("app/one", new TestImage());
        place = new ImagePlace(reference.Split('/')[0], "app/one", image.Digest, PlainHttp: true);
    }

    public void Dispose()
    {
        client.Dispose();
        server.Dispose();
    }

    [Fact]
    public async Task Layers_are_told_with_their_sizes_and_ids()
    {
        var layers = (await client.LayersAsync(place, "amd64", null, CancellationToken.None)).Value;

        Assert.Equal(new TestImage().Layers().Select(TestImage.DigestOf), layers.Select(layer => layer.DiffId));
        Assert.Equal(image.Blobs[image.LastLayer].Length, layers[^1].Size);
    }

    [Fact]
    public async Task Of_an_index_the_image_for_the_machine_is_taken()
    {
        server.Put("/v2/app/one/manifests/multi", $$"""
            {"schemaVersion": 2, "manifests": [
              {"digest": "sha256:{{new string('0', 64)}}", "platform": {"os": "linux", "architecture": "arm64"} },
              {"digest": "{{image.Digest}}", "platform": {"os": "linux", "architecture": "amd64"} } ] }
            """);
        var multi = place with { TagOrDigest = "multi" };

        Assert.True((await client.LayersAsync(multi, "amd64", null, CancellationToken.None)).IsSuccess);
        Assert.Contains("404", (await client.LayersAsync(multi, "arm64", null, CancellationToken.None)).Failure.Message, StringComparison.Ordinal);
        Assert.Contains("no image for linux/riscv64", (await client.LayersAsync(multi, "riscv64", null, CancellationToken.None)).Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_is_fetched_where_the_registry_says_and_the_password_goes_only_there()
    {
        server.Put("/token", """{"token": "abc"}""");
        server.Protect("/v2/", $"Bearer realm=\"{server.Url("token")}\",service=\"r\",scope=\"repository:app/one:pull\"", "Bearer abc");

        Assert.True((await client.LayersAsync(place, "amd64", Ann, CancellationToken.None)).IsSuccess);

        Assert.StartsWith("Basic ", Assert.Single(server.Requests, seen => seen.Path == "/token").Header("Authorization"), StringComparison.Ordinal);
        Assert.DoesNotContain(server.Requests, seen => seen.Path != "/token" && (seen.Header("Authorization") ?? "").StartsWith("Basic", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_redirect_to_a_store_does_not_take_the_token_along()
    {
        using var store = HttpFixtureServer.Start();
        var blob = image.Blobs.Keys.Single(digest => image.Blobs[digest].AsSpan().IndexOf("diff_ids"u8) >= 0);
        store.Put("/blob", image.Blobs[blob]);
        server.Protect("/v2/", "Basic realm=\"r\"", "Basic " + Convert.ToBase64String("ann:pw"u8));
        server.Fail($"/v2/app/one/blobs/{blob}", new HttpFault.Redirect(store.Url("blob")));

        Assert.True((await client.LayersAsync(place, "amd64", Ann, CancellationToken.None)).IsSuccess);
        Assert.Null(Assert.Single(store.Requests).Header("Authorization"));
    }

    [Fact]
    public async Task An_answer_without_end_and_one_that_is_no_manifest_are_failures()
    {
        server.Put("/v2/app/one/manifests/odd", """{"manifests": 3, "config": []}""");
        Assert.False((await client.LayersAsync(place with { TagOrDigest = "odd" }, "amd64", null, CancellationToken.None)).IsSuccess);

        server.Fail($"/v2/app/one/manifests/{image.Digest}", new HttpFault.Endless());
        var failure = (await client.LayersAsync(place, "amd64", null, CancellationToken.None)).Failure;
        Assert.True(failure.Retryable);
    }
}
