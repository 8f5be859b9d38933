using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Gateway.Core.Reports;

namespace Gateway.Core.Engine;

/// <summary>HTTP over the engine's socket: one pool of connections, one agreed API version, bounded answers.</summary>
internal sealed class EngineConnection : IDisposable
{
    internal static readonly EngineCall VersionCall = new(HttpMethod.Get, "/version", "docker engine") { Versioned = false };

    private const int LongestAnswer = 16 * 1024 * 1024;
    private const int LongestError = 64 * 1024;

    private readonly string socketPath;
    private readonly HttpClient http;
    private volatile string? versionPrefix;
    private long calls;

    public EngineConnection(string socketPath, DockerClientOptions options)
    {
        this.socketPath = socketPath;
        Options = options;
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = ConnectAsync,
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            ActivityHeadersPropagator = null,
        };
        http = new HttpClient(handler) { BaseAddress = new Uri("http://docker"), Timeout = Timeout.InfiniteTimeSpan };
    }

    public DockerClientOptions Options { get; }

    /// <summary>How many requests were sent so far.</summary>
    public long Calls => Interlocked.Read(ref calls);

    /// <summary>Sends and reads one JSON answer.</summary>
    public async Task<Result<T>> ReadAsync<T>(EngineCall call, JsonTypeInfo<T> type, CancellationToken cancel)
    {
        var answer = await BytesAsync(call, cancel);
        if (!answer.TryGet(out var bytes, out var wrong))
        {
            return wrong;
        }

        try
        {
            return JsonSerializer.Deserialize(bytes, type) is { } value
                ? value
                : EngineFailures.Unreadable(call, new JsonException("null"));
        }
        catch (JsonException e)
        {
            return EngineFailures.Unreadable(call, e);
        }
    }

    /// <summary>Sends and wants no answer but that it was done.</summary>
    public async Task<Result<Nothing>> DoAsync(EngineCall call, CancellationToken cancel)
    {
        var answer = await BytesAsync(call, cancel);
        return answer.IsSuccess ? default(Nothing) : answer.Failures;
    }

    /// <summary>Sends and leaves the answer's body to the caller, who must dispose of it; only its head is bounded in time.</summary>
    public Task<Result<EngineStream>> OpenAsync(EngineCall call, CancellationToken cancel) =>
        SendAsync<EngineStream>(call, async (response, _) => new EngineStream(call, response, await response.Content.ReadAsStreamAsync(cancel)), cancel);

    public void Dispose() => http.Dispose();

    private Task<Result<ArraySegment<byte>>> BytesAsync(EngineCall call, CancellationToken cancel) =>
        SendAsync<ArraySegment<byte>>(
            call,
            async (response, inTime) =>
            {
                using (response)
                {
                    var bytes = await BoundedAsync(response, LongestAnswer, inTime);
                    return bytes.Count > LongestAnswer ? EngineFailures.TooLong(call, LongestAnswer) : bytes;
                }
            },
            cancel);

    /// <summary>The whole way of one request; every expected exception becomes a failure here.</summary>
    private async Task<Result<T>> SendAsync<T>(EngineCall call, Func<HttpResponseMessage, CancellationToken, Task<Result<T>>> read, CancellationToken cancel)
    {
        var agreed = await PrefixAsync(call, cancel);
        if (!agreed.TryGet(out var prefix, out var wrong))
        {
            return wrong;
        }

        var timeout = call.Timeout ?? (call.Method == HttpMethod.Get ? Options.ReadTimeout : Options.ChangeTimeout);
        using var inTime = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        inTime.CancelAfter(timeout);
        try
        {
            using var request = Request(call, prefix);
            Interlocked.Increment(ref calls);
            var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, inTime.Token);
            if (response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotModified)
            {
                return await read(response, inTime.Token);
            }

            using (response)
            {
                return await RefusalAsync(call, response, inTime.Token);
            }
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return EngineFailures.TimedOut(call, timeout);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            versionPrefix = null;
            cancel.ThrowIfCancellationRequested();
            return EngineFailures.NotAnswering(call, socketPath, e);
        }
    }

    private static HttpRequestMessage Request(EngineCall call, string prefix)
    {
        var request = new HttpRequestMessage(call.Method, new Uri(prefix + call.Path, UriKind.Relative)) { Content = call.Body?.Invoke() };
        if (call.RegistryAuth is { } auth)
        {
            request.Headers.TryAddWithoutValidation("X-Registry-Auth", auth);
        }

        return request;
    }

    private async Task<Failure> RefusalAsync(EngineCall call, HttpResponseMessage response, CancellationToken cancel)
    {
        var body = await BoundedAsync(response, LongestError, cancel);
        if (response.StatusCode == HttpStatusCode.BadRequest && call.Versioned)
        {
            versionPrefix = null; // an engine upgraded under us no longer speaks the agreed version
        }

        return EngineFailures.FromStatus(call, response.StatusCode, MessageIn(body));
    }

    private static string MessageIn(ArraySegment<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, EngineJson.Default.EngineMessage)?.Message ?? "";
        }
        catch (JsonException)
        {
            return System.Text.Encoding.UTF8.GetString(body);
        }
    }

    /// <summary>Reads the body; more than <paramref name="limit"/> bytes come back only if it is longer than that.</summary>
    private static async Task<ArraySegment<byte>> BoundedAsync(HttpResponseMessage response, int limit, CancellationToken cancel)
    {
        await using var body = await response.Content.ReadAsStreamAsync(cancel);
        using var kept = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while (kept.Length <= limit && (read = await body.ReadAsync(buffer, cancel)) > 0)
        {
            kept.Write(buffer, 0, read);
        }

        return new ArraySegment<byte>(kept.GetBuffer(), 0, (int)kept.Length);
    }

    private async Task<Result<string>> PrefixAsync(EngineCall call, CancellationToken cancel)
    {
        if (!call.Versioned)
        {
            return "";
        }

        if (versionPrefix is { } known)
        {
            return known;
        }

        var asked = await ReadAsync(VersionCall, EngineJson.Default.EngineVersion, cancel);
        var chosen = asked.Then(ApiVersion.Choose);
        if (!chosen.TryGet(out var version, out var wrong))
        {
            return wrong;
        }

        return versionPrefix = $"/v{version}";
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancel)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), cancel);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
