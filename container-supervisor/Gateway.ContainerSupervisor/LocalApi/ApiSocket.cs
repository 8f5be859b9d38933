using System.Net.Sockets;
using Gateway.ContainerSupervisor.Running;
using Gateway.Core.Reports;
using Serilog;

namespace Gateway.ContainerSupervisor.LocalApi;

/// <summary>
/// One local socket: one request per connection, few connections at once, few requests a second, little time for each.
/// Whoever floods it waits in the kernel's queue, and disturbs nobody but those who share the socket.
/// </summary>
internal sealed class ApiSocket : IAsyncDisposable
{
    /// <summary>The name of the socket in its folder.</summary>
    public const string Name = "supervisor.sock";

    private const int ConnectionsAtOnce = 4;
    private const int Backlog = 8;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(20);

    private readonly string path;
    private readonly Socket socket;
    private readonly Func<ApiRequest, CancellationToken, Task<ApiAnswer>> answer;
    private readonly ILogger log;
    private readonly CancellationTokenSource ending = new();
    private readonly SemaphoreSlim free = new(ConnectionsAtOnce);
    private readonly Pace pace = new(perSecond: 10, burst: 20);
    private readonly Task accepting;

    private ApiSocket(string path, Socket socket, Func<ApiRequest, CancellationToken, Task<ApiAnswer>> answer, ILogger log)
    {
        this.path = path;
        this.socket = socket;
        this.answer = answer;
        this.log = log;
        accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Whether it still takes connections where it can be found.</summary>
    public bool IsAlive => !accepting.IsCompleted && File.Exists(path);

    /// <summary>Opens a socket in a folder that is there, in place of a dead one.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="mode">Who may connect: writing is connecting.</param>
    /// <param name="answer">Answers a request.</param>
    /// <param name="log">Where bugs go.</param>
    public static ApiSocket Open(string folder, UnixFileMode mode, Func<ApiRequest, CancellationToken, Task<ApiAnswer>> answer, ILogger log)
    {
        var file = Path.Combine(folder, Name);
        var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            File.Delete(file);
            Bind(listener, folder);
            // Before anybody can connect.
            File.SetUnixFileMode(file, mode);
            listener.Listen(Backlog);
            return new ApiSocket(file, listener, answer, log);
        }
        catch
        {
            listener.Dispose();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await ending.CancelAsync();
        socket.Dispose();
        await accepting.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        for (var i = 0; i < ConnectionsAtOnce; i++)
        {
            await free.WaitAsync(Patience);
        }

        free.Dispose();
        ending.Dispose();
    }

    /// <summary>The kernel takes paths of 107 bytes; names of applications and services may be longer than that together.</summary>
    private static void Bind(Socket socket, string folder)
    {
        var link = Path.Combine(Path.GetTempPath(), $"gw-{Guid.NewGuid():N}");
        File.CreateSymbolicLink(link, folder);
        try
        {
            socket.Bind(new UnixDomainSocketEndPoint(Path.Combine(link, Name)));
        }
        finally
        {
            File.Delete(link);
        }
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            await free.WaitAsync(ending.Token);
            try
            {
                await Task.Delay(pace.Take(Environment.TickCount64), ending.Token);
                var connection = await socket.AcceptAsync(ending.Token);
                _ = Task.Run(() => ServeAsync(connection), CancellationToken.None);
            }
            catch
            {
                free.Release();
                throw;
            }
        }
    }

    private async Task ServeAsync(Socket connection)
    {
        try
        {
            using (connection)
            {
                await AnswerAsync(connection);
            }
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ObjectDisposedException)
        {
            log.Debug("{Socket}: a connection broke off: {Reason}", path, SystemErrors.Text(e));
        }
        catch (Exception bug)
        {
            log.Error(bug, "{Socket}: an answer failed", path);
        }
        finally
        {
            free.Release();
        }
    }

    private async Task AnswerAsync(Socket connection)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        patience.CancelAfter(Patience);
        ApiAnswer? said;
        try
        {
            var (request, refusal) = await RequestReader.ReadAsync(buffer => connection.ReceiveAsync(buffer, SocketFlags.None, patience.Token));
            if (request is null && refusal is null)
            {
                return;
            }

            patience.CancelAfter(LongestAnswer);
            said = refusal ?? await answer(request!, patience.Token);
        }
        catch (OperationCanceledException) when (!ending.IsCancellationRequested)
        {
            said = ApiAnswer.Error(408, "it took too long");
        }

        using var sending = CancellationTokenSource.CreateLinkedTokenSource(ending.Token);
        sending.CancelAfter(Patience);
        for (ReadOnlyMemory<byte> rest = said.ToBytes(); !rest.IsEmpty;)
        {
            rest = rest[await connection.SendAsync(rest, SocketFlags.None, sending.Token)..];
        }
    }
}
