using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.ContainerSupervisor.LocalApi;
using Serilog.Core;

namespace Gateway.UnitTests.ContainerSupervisor.LocalApi;

public sealed class ApiSocketTests : IAsyncLifetime
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly string folder = Path.Combine(Directory.CreateTempSubdirectory("gateway-socket-").FullName, new string('a', 60), new string('b', 60));
    private ApiSocket socket = null!;

    public Task InitializeAsync()
    {
        Directory.CreateDirectory(folder);
        socket = ApiSocket.Open(folder, Mode, (request, _) => Task.FromResult(ApiAnswer.Ok(new JsonObject { ["path"] = request.Path })), Logger.None);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        await socket.DisposeAsync();
        Directory.Delete(Path.GetDirectoryName(Path.GetDirectoryName(folder))!, recursive: true);
    }

    [Fact]
    public async Task It_answers_below_a_path_longer_than_the_kernel_takes()
    {
        Assert.Equal(Mode, File.GetUnixFileMode(Path.Combine(folder, ApiSocket.Name)));
        var answer = await AskAsync("GET /v1/health HTTP/1.1\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", answer, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n{\"path\":\"/v1/health\"}\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Those_who_say_nothing_hold_others_up_for_no_longer_than_their_time()
    {
        var silent = Enumerable.Range(0, 8).Select(_ => Connect()).ToList();
        var clock = Stopwatch.StartNew();
        Assert.StartsWith("HTTP/1.1 200 OK", await AskAsync("GET / HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        Assert.InRange(clock.Elapsed.TotalSeconds, 0, 15);
        Assert.StartsWith("HTTP/1.1 408 ", await ReadAsync(silent[0]), StringComparison.Ordinal);
        silent.ForEach(one => one.Dispose());
    }

    [Fact]
    public async Task More_than_its_share_of_requests_wait()
    {
        var clock = Stopwatch.StartNew();
        for (var i = 0; i < 40; i++)
        {
            Assert.StartsWith("HTTP/1.1 200 OK", await AskAsync("GET / HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
        }

        // Twenty at once, the others ten a second.
        Assert.InRange(clock.Elapsed.TotalSeconds, 1.5, 10);
    }

    [Fact]
    public async Task It_notices_that_its_file_is_gone_and_replaces_a_dead_one()
    {
        Assert.True(socket.IsAlive);
        File.Delete(Path.Combine(folder, ApiSocket.Name));
        Assert.False(socket.IsAlive);
        await File.WriteAllTextAsync(Path.Combine(folder, ApiSocket.Name), "");
        await socket.DisposeAsync();
        socket = ApiSocket.Open(folder, Mode, (_, _) => Task.FromResult(ApiAnswer.Error(404, "no")), Logger.None);
        Assert.StartsWith("HTTP/1.1 404 Not Found", await AskAsync("GET / HTTP/1.1\r\n\r\n"), StringComparison.Ordinal);
    }

    private async Task<string> AskAsync(string text)
    {
        using var connection = Connect();
        await connection.SendAsync(Encoding.ASCII.GetBytes(text));
        return await ReadAsync(connection);
    }

    private Socket Connect()
    {
        var link = Path.Combine(Path.GetTempPath(), $"gw-{Guid.NewGuid():N}");
        File.CreateSymbolicLink(link, folder);
        var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        connection.Connect(new UnixDomainSocketEndPoint(Path.Combine(link, ApiSocket.Name)));
        File.Delete(link);
        return connection;
    }

    private static async Task<string> ReadAsync(Socket connection)
    {
        using var text = new MemoryStream();
        var buffer = new byte[4096];
        while (await connection.ReceiveAsync(buffer) is var count and > 0)
        {
            text.Write(buffer, 0, count);
        }

        return Encoding.UTF8.GetString(text.ToArray());
    }
}
