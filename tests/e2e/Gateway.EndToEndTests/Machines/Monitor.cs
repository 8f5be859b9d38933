using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.EndToEndTests.Machines;

/// <summary>QEMU's own control socket (qemu.org/docs, QMP): one JSON object a line.</summary>
internal sealed class Monitor : IDisposable
{
    private readonly Socket socket;
    private readonly StreamReader reader;

    private Monitor(Socket socket)
    {
        this.socket = socket;
        reader = new StreamReader(new NetworkStream(socket, ownsSocket: false), Encoding.UTF8);
    }

    /// <summary>Connects as soon as QEMU has made the socket.</summary>
    public static async Task<Monitor> ConnectAsync(string path, TimeSpan patience)
    {
        var until = DateTime.UtcNow + patience;
        while (true)
        {
            var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path));
                var monitor = new Monitor(socket);
                await monitor.reader.ReadLineAsync();
                await monitor.AskAsync("qmp_capabilities");
                return monitor;
            }
            catch (SocketException) when (DateTime.UtcNow < until)
            {
                socket.Dispose();
                await Task.Delay(100);
            }
        }
    }

    /// <summary>A command and its answer; events between are passed over.</summary>
    public async Task<JsonNode> AskAsync(string command, JsonObject? arguments = null)
    {
        var request = new JsonObject { ["execute"] = command };
        if (arguments is not null)
        {
            request["arguments"] = arguments;
        }

        await socket.SendAsync(Encoding.UTF8.GetBytes(request.ToJsonString() + "\n"));
        while (true)
        {
            var answer = JsonNode.Parse(await reader.ReadLineAsync() ?? throw new IOException($"QEMU ended before it had answered {command}"))!;
            if (answer["error"] is { } error)
            {
                throw new InvalidOperationException($"{command}: {error.ToJsonString()}");
            }

            if (answer["return"] is { } result)
            {
                return result;
            }
        }
    }

    public void Dispose()
    {
        reader.Dispose();
        socket.Dispose();
    }
}
