using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>The sandbox's registry, spoken to directly (distribution.github.io/distribution/spec/api): images get into it without an engine.</summary>
public sealed class TestRegistry(string address, NetworkNamespace network) : IDisposable
{
    private const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";
    private readonly HttpClient http = network.CreateHttpClient();

    /// <summary>Pushes an image under <c>name</c> or <c>name:tag</c> (else <c>latest</c>); gives <c>registry/name@sha256:…</c>.</summary>
    public async Task<string> PushAsync(string nameAndTag, TestImage image)
    {
        var parts = nameAndTag.Split(':');
        var (name, tag) = (parts[0], parts.Length > 1 ? parts[1] : "latest");
        var config = image.Configuration();
        await PutBlobAsync(name, config);
        var layers = new JsonArray();
        foreach (var layer in image.Layers())
        {
            var packed = Pack(layer);
            await PutBlobAsync(name, packed);
            layers.Add(Described("application/vnd.docker.image.rootfs.diff.tar.gzip", packed));
        }

        var manifest = Encoding.UTF8.GetBytes(new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = Described("application/vnd.docker.container.image.v1+json", config),
            ["layers"] = layers,
        }.ToJsonString());
        using var content = new ByteArrayContent(manifest);
        content.Headers.ContentType = new MediaTypeHeaderValue(ManifestType);
        using var answer = await http.PutAsync(new Uri($"http://{address}/v2/{name}/manifests/{tag}"), content);
        await CheckAsync(answer);
        return $"{address}/{name}@{TestImage.DigestOf(manifest)}";
    }

    /// <summary>Deletes a pushed image's manifest: pulling it fails from now on.</summary>
    public async Task DeleteAsync(string reference)
    {
        var path = reference[(address.Length + 1)..].Split('@');
        using var answer = await http.DeleteAsync(new Uri($"http://{address}/v2/{path[0]}/manifests/{path[1]}"));
        await CheckAsync(answer);
    }

    public void Dispose() => http.Dispose();

    private async Task PutBlobAsync(string name, byte[] blob)
    {
        var digest = TestImage.DigestOf(blob);
        using var question = new HttpRequestMessage(HttpMethod.Head, $"http://{address}/v2/{name}/blobs/{digest}");
        using var there = await http.SendAsync(question);
        if (there.StatusCode == HttpStatusCode.OK)
        {
            return;
        }

        using var begun = await http.PostAsync(new Uri($"http://{address}/v2/{name}/blobs/uploads/"), content: null);
        await CheckAsync(begun);
        var place = new Uri(new Uri($"http://{address}"), begun.Headers.Location!);
        using var content = new ByteArrayContent(blob);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
        using var put = await http.PutAsync(new Uri($"{place}{(place.Query.Length == 0 ? '?' : '&')}digest={Uri.EscapeDataString(digest)}"), content);
        await CheckAsync(put);
    }

    private static byte[] Pack(byte[] layer)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(layer);
        }

        return packed.ToArray();
    }

    private static JsonObject Described(string type, byte[] content) => new()
    {
        ["mediaType"] = type,
        ["size"] = content.Length,
        ["digest"] = TestImage.DigestOf(content),
    };

    private static async Task CheckAsync(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"the registry answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
