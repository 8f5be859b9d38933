using System.Net;
using System.Net.Sockets;

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>A port on this process's loopback that leads to one inside a namespace, for native code that makes its own sockets.</summary>
public sealed class PortForward : IDisposable
{
    private readonly CancellationTokenSource ending = new();
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly NetworkNamespace inside;
    private readonly int to;

    public PortForward(NetworkNamespace inside, int to)
    {
        this.inside = inside;
        this.to = to;
        listener.Start();
        Port = ((IPEndPoint)listener.LocalEndpoint).Port;
        _ = AcceptAsync();
    }

    public int Port { get; }

    public void Dispose()
    {
        ending.Cancel();
        listener.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!ending.IsCancellationRequested)
        {
            try
            {
                _ = PassAsync(await listener.AcceptSocketAsync(ending.Token));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task PassAsync(Socket near)
    {
        try
        {
            using var here = new NetworkStream(near, ownsSocket: true);
            using var there = new NetworkStream(await inside.ConnectAsync(to, ending.Token), ownsSocket: true);
            await Task.WhenAny(here.CopyToAsync(there, ending.Token), there.CopyToAsync(here, ending.Token));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            // either side went away: the connection just ends
        }
    }
}
