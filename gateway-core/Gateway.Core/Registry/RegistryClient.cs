using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Core.Engine;
using Gateway.Core.Reports;

namespace Gateway.Core.Registry;

/// <summary>
/// Asks a registry (OCI distribution-spec) what an image is made of, before it is pulled. Reads only manifests and
/// configurations; every answer is bounded in size and time. The pull itself is the engine's.
/// </summary>
public sealed class RegistryClient : IDisposable
{
    /// <summary>As large as registries allow a manifest to be.</summary>
    private const int LongestAnswer = 4 * 1024 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        UseCookies = false,
        MaxAutomaticRedirections = 5,
        ConnectTimeout = Longest,
        ActivityHeadersPropagator = null,
    })
    {
        Timeout = Longest,
        MaxResponseContentBufferSize = LongestAnswer,
    };

    /// <summary>The layers of the image for an architecture (as Go names it: <c>amd64</c>, <c>arm64</c>, <c>arm</c>), lowest first.</summary>
    public async Task<Result<ImmutableArray<ImageLayer>>> LayersAsync(ImagePlace place, string architecture, RegistryAuth? auth, CancellationToken cancellation)
    {
        var session = new Session(place, auth);
        var asked = await JsonAsync(session, $"manifests/{place.TagOrDigest}", cancellation);
        if (asked.IsSuccess && RegistryManifest.IsIndex(asked.Value))
        {
            asked = RegistryManifest.ForPlatform(asked.Value, architecture) is { } digest
                ? await JsonAsync(session, $"manifests/{digest}", cancellation)
                : Wrong(place, $"has no image for linux/{architecture}");
        }

        if (!asked.TryGet(out var manifest, out var wrong))
        {
            return wrong;
        }

        if (RegistryManifest.Layers(manifest) is not { } layers)
        {
            return Wrong(place, "its manifest is of a form that is not known");
        }

        var configuration = await JsonAsync(session, $"blobs/{layers.Configuration}", cancellation);
        return configuration.Then<ImmutableArray<ImageLayer>>(json =>
        {
            var ids = RegistryManifest.DiffIds(json);
            return layers.Sizes.Select((size, i) => new ImageLayer(i < ids.Length ? ids[i] : "", size)).ToImmutableArray();
        });
    }

    public void Dispose() => http.Dispose();

    private async Task<Result<JsonElement>> JsonAsync(Session session, string path, CancellationToken cancellation)
    {
        try
        {
            using var first = await SendAsync(session, path, cancellation);
            if (first.StatusCode != HttpStatusCode.Unauthorized || session.Authorization is not null)
            {
                return await ReadAsync(session.Place, first, cancellation);
            }

            session.Authorization = Challenge.Of(first.Headers.WwwAuthenticate) is { } challenge ? await AuthorizeAsync(session, challenge, cancellation) : null;
            using var second = await SendAsync(session, path, cancellation);
            return await ReadAsync(session.Place, second, cancellation);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return Wrong(session.Place, $"no answer within {Longest.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is HttpRequestException or IOException or JsonException or UriFormatException)
        {
            return Wrong(session.Place, OneLine.Of(SystemErrors.Text(e)));
        }
    }

    private async Task<HttpResponseMessage> SendAsync(Session session, string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(session.Place.Address, path));
        request.Headers.TryAddWithoutValidation("Accept", RegistryManifest.Accepted);
        request.Headers.Authorization = session.Authorization;
        return await http.SendAsync(request, cancellation);
    }

    private static async Task<Result<JsonElement>> ReadAsync(ImagePlace place, HttpResponseMessage answer, CancellationToken cancellation)
    {
        if (!answer.IsSuccessStatusCode)
        {
            return Wrong(place, $"the registry answered {(int)answer.StatusCode}");
        }

        return await JsonAsync(answer, cancellation);
    }

    private static async Task<JsonElement> JsonAsync(HttpResponseMessage answer, CancellationToken cancellation)
    {
        using var document = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellation), new JsonDocumentOptions { MaxDepth = 64 });
        return document.RootElement.Clone();
    }

    private async Task<AuthenticationHeaderValue?> AuthorizeAsync(Session session, Challenge challenge, CancellationToken cancellation)
    {
        if (challenge.IsBasic)
        {
            return Basic(session.Auth);
        }

        if (challenge.Realm(session.Place.PlainHttp) is not { } realm)
        {
            return null;
        }

        using var request = TokenRequest(realm, challenge, session);
        using var answer = await http.SendAsync(request, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            return null;
        }

        var json = await JsonAsync(answer, cancellation);
        return Token(json, "token") ?? Token(json, "access_token");
    }

    private static HttpRequestMessage TokenRequest(Uri realm, Challenge challenge, Session session)
    {
        var service = challenge.Parameters.GetValueOrDefault("service", "");
        var scope = challenge.Parameters.GetValueOrDefault("scope", $"repository:{session.Place.Repository}:pull");
        if (session.Auth is { IdentityToken.Length: > 0 } held)
        {
            return new HttpRequestMessage(HttpMethod.Post, realm)
            {
                Content = new FormUrlEncodedContent(new Dictionary<string, string>
                {
                    ["grant_type"] = "refresh_token",
                    ["refresh_token"] = held.IdentityToken,
                    ["service"] = service,
                    ["scope"] = scope,
                    ["client_id"] = "container-supervisor",
                }),
            };
        }

        var query = $"{(realm.Query.Length > 0 ? realm.Query + "&" : "?")}service={Uri.EscapeDataString(service)}&scope={Uri.EscapeDataString(scope)}";
        var request = new HttpRequestMessage(HttpMethod.Get, new Uri(realm, query));
        request.Headers.Authorization = Basic(session.Auth);
        return request;
    }

    private static AuthenticationHeaderValue? Basic(RegistryAuth? auth) =>
        auth is { Username.Length: > 0 } ? new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{auth.Username}:{auth.Password}"))) : null;

    private static AuthenticationHeaderValue? Token(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var token) && token.ValueKind == JsonValueKind.String && token.GetString() is { Length: > 0 } text
            ? new("Bearer", text)
            : null;

    private static Failure Wrong(ImagePlace place, string message) =>
        new(Phase.Observe, $"registry {place.Registry}", $"{place.Repository}: {message}", Retryable: true);

    /// <summary>What one image's requests share.</summary>
    private sealed class Session(ImagePlace place, RegistryAuth? auth)
    {
        public ImagePlace Place => place;

        public RegistryAuth? Auth => auth;

        public AuthenticationHeaderValue? Authorization { get; set; }
    }
}
