using System.Net;
using System.Net.Http.Headers;
using Gateway.Core.Reports;

namespace Gateway.HostController.Fetch;

/// <summary>Downloads one small document: bounded in bytes, time and redirections, never decompressed.</summary>
internal sealed class Downloader : IDisposable
{
    private const int MostRedirections = 5;
    private readonly HttpClient client;
    private readonly TimeSpan stall;

    /// <param name="stall">Longest silence of a server, connecting included.</param>
    public Downloader(TimeSpan stall)
    {
        this.stall = stall;
        client = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = stall,
            MaxResponseHeadersLength = 32,
            UseCookies = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("gateway-host-controller", ProgramVersion.Text));
        client.DefaultRequestHeaders.AcceptEncoding.Add(new StringWithQualityHeaderValue("identity"));
    }

    /// <summary>The content, or that it has not changed, or why it could not be had.</summary>
    public async Task<Result<Download>> GetAsync(DownloadRequest request, CancellationToken cancellation)
    {
        using var silence = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        silence.CancelAfter(stall);
        try
        {
            return request.Url.IsFile
                ? await LocalDocument.ReadAsync(request, silence.Token)
                : await GetOverHttpAsync(request, silence);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return DownloadFailures.TimedOut(request, $"after {stall.TotalSeconds:0.#} s of silence");
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or UnauthorizedAccessException)
        {
            return DownloadFailures.OfException(request, exception);
        }
    }

    /// <summary>Downloads of bundles by the same rules, into files of a folder.</summary>
    public BundleFetcher Bundles(string folder) => new(client, folder, stall);

    public void Dispose() => client.Dispose();

    private async Task<Result<Download>> GetOverHttpAsync(DownloadRequest request, CancellationTokenSource silence)
    {
        var url = request.Url;
        for (var hop = 0; hop <= MostRedirections; hop++)
        {
            using var message = Conditional(url, request.Known);
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, silence.Token);
            if (!IsRedirection(response.StatusCode))
            {
                return await ReadResponseAsync(request, response, silence);
            }

            if (response.Headers.Location is not { } location)
            {
                return DownloadFailures.Redirected(request, "without saying where to");
            }

            var next = location.IsAbsoluteUri ? location : new Uri(url, location);
            if (next.Scheme is not ("http" or "https") || (url.Scheme == "https" && next.Scheme != "https"))
            {
                return DownloadFailures.Redirected(request, $"from {url.Scheme} to {next.Scheme}, which is not followed");
            }

            url = next;
        }

        return DownloadFailures.Redirected(request, $"more than {MostRedirections} times");
    }

    private static bool IsRedirection(HttpStatusCode status) => (int)status is 301 or 302 or 303 or 307 or 308;

    private static HttpRequestMessage Conditional(Uri url, Validators known)
    {
        var message = new HttpRequestMessage(HttpMethod.Get, url);
        if (known.ETag is not null)
        {
            message.Headers.TryAddWithoutValidation("If-None-Match", known.ETag);
        }

        if (known.LastModified is not null)
        {
            message.Headers.TryAddWithoutValidation("If-Modified-Since", known.LastModified);
        }

        return message;
    }

    private async Task<Result<Download>> ReadResponseAsync(DownloadRequest request, HttpResponseMessage response, CancellationTokenSource silence)
    {
        if (response.StatusCode == HttpStatusCode.NotModified && request.Known.AreKnown)
        {
            return new Download(null, request.Known);
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return DownloadFailures.OfStatus(request, response.StatusCode);
        }

        var headers = response.Content.Headers;
        if (headers.ContentEncoding.FirstOrDefault(encoding => encoding != "identity") is { } encoding)
        {
            return DownloadFailures.Encoded(request, encoding);
        }

        if (headers.ContentType?.MediaType is "text/html" or "application/xhtml+xml")
        {
            return DownloadFailures.CaptivePortal(request);
        }

        if (headers.ContentLength > request.Limit)
        {
            return DownloadFailures.TooLarge(request);
        }

        await using var body = await response.Content.ReadAsStreamAsync(silence.Token);
        var content = await BoundedStream.ReadAsync(body, request.Limit, () => silence.CancelAfter(stall), silence.Token);
        return content is null ? DownloadFailures.TooLarge(request) : new Download(content, ValidatorsOf(response));
    }

    private static Validators ValidatorsOf(HttpResponseMessage response) => new(
        Bounded(response.Headers.NonValidated.TryGetValues("ETag", out var tag) ? tag.ToString() : null),
        Bounded(response.Content.Headers.NonValidated.TryGetValues("Last-Modified", out var date) ? date.ToString() : null));

    private static string? Bounded(string? text) => text is { Length: > 0 and <= 1024 } ? text : null;
}
