using System.Net;
using System.Net.Http.Headers;

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>The sandbox's registry, spoken to directly (distribution.github.io/distribution/spec/api): images get into it without an engine.</summary>
public sealed class TestRegistry(string address, HttpClient http) : IDisposable
{
    /// <param name="address"><c>127.0.0.1:port</c>.</param>
    /// <param name="network">Where it listens.</param>
    /// <param name="credentials">What to say who we are with; null for nothing.</param>
    public TestRegistry(string address, NetworkNamespace network, AuthenticationHeaderValue? credentials = null)
        : this(address, ClientOf(network, credentials))
    {
    }

    /// <summary>Pushes an image under <c>name</c> or <c>name:tag</c> (else <c>latest</c>); gives <c>registry/name@sha256:…</c>.</summary>
    public Task<string> PushAsync(string nameAndTag, TestImage image) => PushAsync(nameAndTag, PackedImage.Of(image));

    /// <summary>The same, of an image that is packed already.</summary>
    public async Task<string> PushAsync(string nameAndTag, PackedImage packed)
    {
        var parts = nameAndTag.Split(':');
        var (name, tag) = (parts[0], parts.Length > 1 ? parts[1] : "latest");
        foreach (var (digest, blob) in packed.Blobs)
        {
            await PutBlobAsync(name, digest, blob);
        }

        using var content = new ByteArrayContent(packed.Manifest);
        content.Headers.ContentType = new MediaTypeHeaderValue(PackedImage.ManifestType);
        using var answer = await http.PutAsync(new Uri($"http://{address}/v2/{name}/manifests/{tag}"), content);
        await CheckAsync(answer);
        return $"{address}/{name}@{packed.Digest}";
    }

    /// <summary>Deletes a pushed image's manifest: pulling it fails from now on.</summary>
    public async Task DeleteAsync(string reference)
    {
        var path = reference[(address.Length + 1)..].Split('@');
        using var answer = await http.DeleteAsync(new Uri($"http://{address}/v2/{path[0]}/manifests/{path[1]}"));
        await CheckAsync(answer);
    }

    public void Dispose() => http.Dispose();

    private static HttpClient ClientOf(NetworkNamespace network, AuthenticationHeaderValue? credentials)
    {
        var client = network.CreateHttpClient();
        client.DefaultRequestHeaders.Authorization = credentials;
        return client;
    }

    private async Task PutBlobAsync(string name, string digest, byte[] blob)
    {
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

    private static async Task CheckAsync(HttpResponseMessage answer)
    {
        if (!answer.IsSuccessStatusCode)
        {
            throw new InvalidOperationException($"the registry answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}");
        }
    }
}
