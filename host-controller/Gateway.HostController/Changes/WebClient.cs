using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Gateway.Core.Reports;
using Gateway.Playbooks.Modules;
using WebRequest = Gateway.Playbooks.Modules.WebRequest;

namespace Gateway.HostController.Changes;

/// <summary>Sends one request of a task: redirections, names and passwords as Ansible has them; the answer is handed on as it comes.</summary>
internal sealed class WebClient : IDisposable
{
    private const int MostRedirections = 10;

    private readonly WebRequest request;
    private readonly HttpClient client;

    /// <param name="request">What is asked.</param>
    /// <param name="onThisMachine">Where a path of the gateway lies.</param>
    public WebClient(WebRequest request, Func<string, string> onThisMachine)
    {
        this.request = request;
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.GZip,
            ConnectTimeout = request.Timeout,
            UseCookies = false,
            UseProxy = request.UseProxy,
        };
        if (!request.ValidateCertificates)
        {
#pragma warning disable CA5359 // The task says validate_certs: false.
            handler.SslOptions.RemoteCertificateValidationCallback = AcceptAny;
#pragma warning restore CA5359
        }

        if (request.ClientCertificate is { } certificate)
        {
            handler.SslOptions.ClientCertificates = [X509Certificate2.CreateFromPemFile(onThisMachine(certificate), request.ClientKey is { } key ? onThisMachine(key) : null)];
        }

        client = new HttpClient(handler) { Timeout = System.Threading.Timeout.InfiniteTimeSpan };
    }

    /// <summary>The answer, made by what is given its head and body; what goes wrong before is an answer of status -1.</summary>
    public async Task<WebAnswer> SendAsync(Func<WebAnswer, Stream, CancellationToken, Task<WebAnswer>> receive, CancellationToken cancellation)
    {
        var started = System.Diagnostics.Stopwatch.GetTimestamp();
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        time.CancelAfter(request.Timeout);
        WebAnswer answer;
        try
        {
            var url = new Uri(request.Url);
            answer = url.IsFile ? await FileAsync(url, receive, time.Token) : await HttpAsync(url, receive, time);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            answer = Failed("Request failed: <urlopen error timed out>");
        }
        catch (HttpRequestException e)
        {
            answer = Failed($"Request failed: <urlopen error {Why(e)}>");
        }

        return answer with { Elapsed = System.Diagnostics.Stopwatch.GetElapsedTime(started) };
    }

    public void Dispose() => client.Dispose();

    private static bool AcceptAny(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => true;

    private static async Task<WebAnswer> FileAsync(Uri url, Func<WebAnswer, Stream, CancellationToken, Task<WebAnswer>> receive, CancellationToken cancellation)
    {
        if (!File.Exists(url.LocalPath))
        {
            return new WebAnswer(-1, $"Request failed: <urlopen error [Errno 2] No such file or directory: '{url.LocalPath}'>", url.OriginalString);
        }

        await using var file = new FileStream(url.LocalPath, FileMode.Open, FileAccess.Read, FileShare.Read);
        return await receive(new WebAnswer(0, $"OK ({file.Length} bytes)", url.OriginalString), file, cancellation);
    }

    private async Task<WebAnswer> HttpAsync(Uri url, Func<WebAnswer, Stream, CancellationToken, Task<WebAnswer>> receive, CancellationTokenSource time)
    {
        var (method, sendsName) = (request.Method, request.ForceBasic);
        for (var hop = 0; ; hop++)
        {
            using var message = Message(url, method, sendsName && SameHost(url));
            using var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, time.Token);
            if (response.StatusCode == HttpStatusCode.Unauthorized && request.UserName is not null && !sendsName)
            {
                sendsName = true;
                continue;
            }

            if (hop < MostRedirections && Next(response, url, method) is { } next)
            {
                // What is not GET or HEAD becomes GET, but for the statuses that say it must not (RFC 9110, 15.4).
                method = method is "GET" or "HEAD" || (int)response.StatusCode is 307 or 308 ? method : "GET";
                url = next;
                continue;
            }

            // A body that keeps coming is no silence.
            time.CancelAfter(TimeSpan.FromHours(2));
            await using var body = await response.Content.ReadAsStreamAsync(time.Token);
            return await receive(Head(response, url), body, time.Token);
        }
    }

    private bool SameHost(Uri url) => url.Host == new Uri(request.Url).Host;

    private Uri? Next(HttpResponseMessage response, Uri url, string method)
    {
        var follows = request.Redirects == "all" || (request.Redirects == "safe" && method is "GET" or "HEAD");
        if (!follows || (int)response.StatusCode is not (301 or 302 or 303 or 307 or 308) || response.Headers.Location is not { } location)
        {
            return null;
        }

        var next = new Uri(url, location);
        return next.Scheme is "http" or "https" && !(url.Scheme == "https" && next.Scheme == "http") ? next : null;
    }

    private HttpRequestMessage Message(Uri url, string method, bool withName)
    {
        var message = new HttpRequestMessage(new HttpMethod(method), url);
        if (request.Body is { } body && method is not ("GET" or "HEAD") || (request.Body is not null && method == request.Method))
        {
            message.Content = new ReadOnlyMemoryContent(request.Body!.Value);
        }

        if (withName)
        {
            message.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{request.UserName}:{request.Password}")));
        }

        message.Headers.IfModifiedSince = request.Known;
        foreach (var (name, value) in request.Headers)
        {
            if (!message.Headers.TryAddWithoutValidation(name, value))
            {
                message.Content ??= new ByteArrayContent([]);
                message.Content.Headers.Remove(name);
                message.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return message;
    }

    private static WebAnswer Head(HttpResponseMessage response, Uri url)
    {
        var status = (int)response.StatusCode;
        var length = response.Content.Headers.ContentLength?.ToString(CultureInfo.InvariantCulture) ?? "unknown";
        var message = status is >= 200 and < 300 ? $"OK ({length} bytes)" : $"HTTP Error {status}: {response.ReasonPhrase}";
        var headers = response.Headers.Concat(response.Content.Headers)
            .Select(header => new KeyValuePair<string, string>(
                header.Key.ToLowerInvariant().Replace('-', '_'),
                string.Join(header.Key.Equals("Set-Cookie", StringComparison.OrdinalIgnoreCase) ? "\n" : ", ", header.Value)));
        return new WebAnswer(status, message, url.OriginalString) { Headers = [.. headers] };
    }

    private WebAnswer Failed(string message) => new(-1, message, request.Url);

    private static string Why(HttpRequestException e) => e.InnerException switch
    {
        SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "[Errno 111] Connection refused",
        SocketException { SocketErrorCode: SocketError.HostNotFound } => "[Errno -2] Name or service not known",
        _ => SystemErrors.Text(e),
    };
}
