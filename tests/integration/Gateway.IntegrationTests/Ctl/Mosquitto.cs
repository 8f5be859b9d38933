using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Gateway.IntegrationTests.Ctl;

/// <summary>A broker on a free port of the loopback; ends with this.</summary>
public sealed class Mosquitto : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("broker-").FullName;
    private Process process = null!;

    public int Port { get; private set; }

    public string Address => $"127.0.0.1:{Port}";

    public static async Task<Mosquitto> StartAsync()
    {
        var broker = new Mosquitto { Port = FreePort() };
        var configuration = Path.Combine(broker.folder, "mosquitto.conf");
        await File.WriteAllTextAsync(configuration, $"listener {broker.Port} 127.0.0.1\nallow_anonymous true\nlog_dest stderr\n");
        broker.process = Process.Start(new ProcessStartInfo("/usr/sbin/mosquitto", ["-c", configuration]) { RedirectStandardError = true, UseShellExecute = false })!;
        broker.process.ErrorDataReceived += (_, _) => { };
        broker.process.BeginErrorReadLine();
        await broker.AcceptsAsync();
        return broker;
    }

    public async ValueTask DisposeAsync()
    {
        process.Kill();
        await process.WaitForExitAsync();
        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private async Task AcceptsAsync()
    {
        for (var attempt = 0; attempt < 100; attempt++)
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

        throw new InvalidOperationException("mosquitto did not start");
    }
}
