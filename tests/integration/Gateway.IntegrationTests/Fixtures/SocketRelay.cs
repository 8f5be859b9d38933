using System.Net.Sockets;

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>A Unix socket that leads to another one: into the file system of a machine, say.</summary>
public sealed class SocketRelay : IAsyncDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly string path;
    private readonly string target;
    private readonly Task accepting;

    private SocketRelay(string path, string target)
    {
        this.path = path;
        this.target = target;
        File.Delete(path);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        accepting = AcceptAsync();
    }

    public static SocketRelay Start(string path, string target) => new(path, target);

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

    private async Task PassAsync(Socket near, CancellationToken cancellation)
    {
        try
        {
            using var here = new NetworkStream(near, ownsSocket: true);
            using var far = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await far.ConnectAsync(new UnixDomainSocketEndPoint(target), cancellation);
            using var there = new NetworkStream(far);
            await Task.WhenAny(here.CopyToAsync(there, cancellation), there.CopyToAsync(here, cancellation));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // either side went away: the connection just ends
        }
    }
}
