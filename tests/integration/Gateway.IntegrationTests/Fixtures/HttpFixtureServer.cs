using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>
/// A small HTTP/1.1 server on loopback with files in memory: ETag and If-None-Match, Range and If-Range, HEAD; and every fault a network
/// can come up with. One connection, one request.
/// </summary>
public sealed class HttpFixtureServer : IDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly ConcurrentDictionary<string, HttpFile> files = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, (HttpFault Fault, int Left)> faults = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<HttpSeen> seen = new();
    private readonly Socket listener;
    private volatile CancellationTokenSource hanging = new();
    private (string Prefix, string Challenge, string Authorization)? guard;

    private HttpFixtureServer(Socket listener)
    {
        this.listener = listener;
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Port = ((IPEndPoint)listener.LocalEndPoint!).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    /// <summary>Everything asked so far, oldest first.</summary>
    public ImmutableArray<HttpSeen> Requests => [.. seen];

    /// <summary>Starts one; with a socket made in a network namespace it listens there.</summary>
    public static HttpFixtureServer Start(Socket? unbound = null) =>
        new(unbound ?? new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp));

    /// <summary>The address of a file: <c>http://127.0.0.1:port/path</c>.</summary>
    public string Url(string path) => $"http://127.0.0.1:{Port}/{path.TrimStart('/')}";

    /// <summary>Serves this from now on; its ETag is its hash.</summary>
    public HttpFixtureServer Put(string path, byte[] content, string contentType = "application/octet-stream")
    {
        files[Slashed(path)] = new HttpFile(content, contentType);
        return this;
    }

    /// <summary>Serves this text from now on.</summary>
    public HttpFixtureServer Put(string path, string content, string contentType = "text/plain") => Put(path, Encoding.UTF8.GetBytes(content), contentType);

    /// <summary>Serves at a path what is served at another.</summary>
    public void Copy(string from, string to) => files[Slashed(to)] = files[Slashed(from)];

    /// <summary>Below this path, requests without this <c>Authorization</c> get 401 and the challenge.</summary>
    public void Protect(string prefix, string challenge, string authorization) => guard = (prefix, challenge, authorization);

    /// <summary>404 from now on.</summary>
    public void Remove(string path) => files.TryRemove(Slashed(path), out _);

    /// <summary>Goes wrong this way for the next <paramref name="times"/> requests of the path; <c>*</c> is every path without a fault of its own.</summary>
    public HttpFixtureServer Fail(string path, HttpFault fault, int times = int.MaxValue)
    {
        faults[path == "*" ? path : Slashed(path)] = (fault, times);
        return this;
    }

    /// <summary>No faults from now on; connections that hang are closed.</summary>
    public void Heal()
    {
        faults.Clear();
        var hung = hanging;
        hanging = new CancellationTokenSource();
        hung.Cancel();
    }

    public void Dispose()
    {
        ending.Cancel();
        hanging.Cancel();
        listener.Dispose();
    }

    private static string Slashed(string path) => "/" + path.TrimStart('/');

    private async Task AcceptAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await listener.AcceptAsync(ending.Token));
            }
            catch (SocketException) when (!ending.IsCancellationRequested)
            {
                // the client went away before it was accepted: the next one counts
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (await HttpFixtureRequest.ReadAsync(stream, ending.Token) is not { } request)
            {
                return;
            }

            var fault = TakeFault(request.Path);
            files.TryGetValue(request.Path, out var file);
            var answer = guard is { } wanted && request.Path.StartsWith(wanted.Prefix, StringComparison.Ordinal) && request.Headers.GetValueOrDefault("Authorization") != wanted.Authorization
                ? HttpFixtureAnswer.Unauthorized(wanted.Challenge)
                : HttpFixtureAnswer.For(request, file, fault);
            seen.Enqueue(new HttpSeen(request.Method, request.Path, request.Headers, answer?.Status ?? 0));
            if (answer is not null)
            {
                await answer.SendAsync(stream, ending.Token);
            }
            else if (fault is HttpFault.Reset)
            {
                socket.LingerState = new LingerOption(enable: true, seconds: 0);
            }
            else
            {
                await Task.Delay(Timeout.Infinite, hanging.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or SocketException)
        {
            // the client went away, or the test is over
        }
    }

    private HttpFault? TakeFault(string path)
    {
        var key = faults.ContainsKey(path) ? path : "*";
        if (!faults.TryGetValue(key, out var entry))
        {
            return null;
        }

        if (entry.Left > 1)
        {
            faults[key] = (entry.Fault, entry.Left - 1);
        }
        else
        {
            faults.TryRemove(key, out _);
        }

        return entry.Fault;
    }
}

/// <summary>What is served at a path.</summary>
internal sealed record HttpFile(byte[] Content, string Type)
{
    public string ETag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(Content))[..16]}\"";
}
