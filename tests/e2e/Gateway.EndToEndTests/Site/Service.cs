using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Gateway.EndToEndTests.Site;

/// <summary>A server program on this machine's loopback; a gateway in a machine reaches it at 10.0.2.2. Ends with this.</summary>
internal sealed class Service : IAsyncDisposable
{
    private readonly ProcessStartInfo start;
    private Process? process;

    private Service(int port, string program, string[] arguments)
    {
        Port = port;
        start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
    }

    public int Port { get; }

    public static async Task<Service> StartAsync(int port, string program, params string[] arguments)
    {
        var service = new Service(port, program, arguments);
        await service.StartAsync();
        return service;
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public async Task StartAsync()
    {
        process = Process.Start(start)!;
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        for (var attempt = 0; attempt < 200; attempt++)
        {
            try
            {
                using var client = new TcpClient();
                await client.ConnectAsync(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (!process.HasExited)
            {
                await Task.Delay(100);
            }
        }

        throw new InvalidOperationException($"{start.FileName} did not start");
    }

    public async Task StopAsync()
    {
        if (process is { } running)
        {
            process = null;
            running.Kill();
            await running.WaitForExitAsync();
            running.Dispose();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();
}
