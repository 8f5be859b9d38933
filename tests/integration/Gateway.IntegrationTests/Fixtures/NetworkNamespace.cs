using System.ComponentModel;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>
/// Sockets inside another network namespace, for code of this very process. A socket belongs for life to the namespace of the thread that
/// makes it: a thread of its own enters the namespace, makes the socket and ends.
/// </summary>
public sealed partial class NetworkNamespace(string name)
{
    private const int CloneNewNet = 0x40000000;
    private const int ReadOnlyCloseOnExec = 0x80000;

    public string Name => name;

    /// <summary>A TCP socket inside, not yet connected.</summary>
    public Socket CreateSocket()
    {
        Socket? made = null;
        Exception? wrong = null;
        var thread = new Thread(() =>
        {
            try
            {
                Enter();
                made = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            }
            catch (Exception e)
            {
                wrong = e;
            }
        });
        thread.Start();
        thread.Join();
        return made ?? throw new InvalidOperationException($"no socket in namespace {name}", wrong);
    }

    /// <summary>A connection to a port on the namespace's loopback.</summary>
    public async Task<Socket> ConnectAsync(int port, CancellationToken cancel = default)
    {
        var socket = CreateSocket();
        try
        {
            await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>An HTTP client whose connections are made inside.</summary>
    public HttpClient CreateHttpClient() => new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (context, cancel) => new NetworkStream(await ConnectAsync(context.DnsEndPoint.Port, cancel), ownsSocket: true),
    });

    private void Enter()
    {
        var file = Open($"/run/netns/{name}", ReadOnlyCloseOnExec);
        if (file < 0)
        {
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        var entered = SetNamespace(file, CloneNewNet);
        var error = Marshal.GetLastPInvokeError();
        _ = Close(file);
        if (entered != 0)
        {
            throw new Win32Exception(error);
        }
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int file);

    [LibraryImport("libc", EntryPoint = "setns", SetLastError = true)]
    private static partial int SetNamespace(int file, int kind);
}
