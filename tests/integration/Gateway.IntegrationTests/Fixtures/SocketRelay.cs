using System.Net.Sockets;
using System.Text;

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>A Unix socket that leads to another one: into the file system of a machine, say; or to an engine that fails at one question.</summary>
public sealed class SocketRelay : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string path;
    private readonly string target;
    private readonly Task accepting;

    private readonly string? failing;

    private SocketRelay(string path, string target, string? failing)
    {
        this.failing = failing;
        this.path = path;
        this.target = target;
        File.Delete(path);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        accepting = AcceptAsync();
    }

    /// <param name="path">The socket that is made.</param>
    /// <param name="target">The one it leads to.</param>
    /// <param name="failing">HTTP requests whose first bytes hold this get an answer of status 500 instead.</param>
    public static SocketRelay Start(string path, string target, string? failing = null) => new(path, target, failing);

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        await accepting;
        listener.Dispose();
        ending.Dispose();
        File.Delete(path);
    }

    private async Task AcceptAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                _ = PassAsync(await listener.AcceptAsync(ending.Token), ending.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task AskAsync(NetworkStream here, NetworkStream there, CancellationToken cancellation)
    {
        var buffer = new byte[64 * 1024];
        while (await here.ReadAsync(buffer, cancellation) is var count and > 0)
        {
            if (failing is not null && Encoding.ASCII.GetString(buffer, 0, Math.Min(count, 300)).Contains(failing, StringComparison.Ordinal))
            {
                await here.WriteAsync("HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n{\"message\":\"broken\"}"u8.ToArray(), cancellation);
                continue;
            }

            await there.WriteAsync(buffer.AsMemory(0, count), cancellation);
        }
    }

    private async Task PassAsync(Socket near, CancellationToken cancellation)
    {
        try
        {
            using var here = new NetworkStream(near, ownsSocket: true);
            using var far = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await far.ConnectAsync(new UnixDomainSocketEndPoint(target), cancellation);
            using var there = new NetworkStream(far);
            await Task.WhenAny(AskAsync(here, there, cancellation), there.CopyToAsync(here, cancellation));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // either side went away: the connection just ends
        }
    }
}
