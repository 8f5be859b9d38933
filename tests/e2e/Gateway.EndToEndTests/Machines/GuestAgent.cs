using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Core.Processes;

namespace Gateway.EndToEndTests.Machines;

/// <summary>
/// Runs programs inside a machine without its network, through QEMU's guest agent (qemu.org/docs, guest agent protocol):
/// one JSON object a line over a Unix socket.
/// </summary>
internal sealed class GuestAgent(string socketPath) : IDisposable
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(60);
    private readonly SemaphoreSlim one = new(1);
    private Socket? socket;
    private StreamReader? reader;

    /// <summary>Waits until the agent inside answers.</summary>
    public async Task ReadyAsync(TimeSpan patience)
    {
        var until = DateTime.UtcNow + patience;
        while (true)
        {
            try
            {
                await SynchroniseAsync(TimeSpan.FromSeconds(5));
                return;
            }
            catch (Exception e) when (e is SocketException or IOException or OperationCanceledException && DateTime.UtcNow < until)
            {
                Forget();
                await Task.Delay(1000);
            }
        }
    }

    /// <summary>Runs a program to its end.</summary>
    public async Task<ProcessOutcome> RunAsync(string program, IEnumerable<string> arguments, byte[]? input, TimeSpan patience)
    {
        await one.WaitAsync();
        try
        {
            var request = new JsonObject
            {
                ["path"] = program,
                ["arg"] = new JsonArray([.. arguments.Select(argument => (JsonNode?)argument)]),
                ["capture-output"] = true,
            };
            if (input is not null)
            {
                request["input-data"] = Convert.ToBase64String(input);
            }

            var begun = await AskAsync("guest-exec", request, Answer);
            var pid = begun["pid"]!.GetValue<int>();
            var until = DateTime.UtcNow + patience;
            var pause = 50;
            while (true)
            {
                var status = await AskAsync("guest-exec-status", new JsonObject { ["pid"] = pid }, Answer);
                if (status["exited"]!.GetValue<bool>())
                {
                    return new ProcessOutcome(status["exitcode"]?.GetValue<int>() ?? 128, TimedOut: false, status["out-truncated"] is not null, Text(status["out-data"]), Text(status["err-data"]));
                }

                Assert.True(DateTime.UtcNow < until, $"{program} {string.Join(' ', arguments)} did not end within {patience.TotalSeconds} s");
                await Task.Delay(pause);
                pause = Math.Min(pause * 2, 1000);
            }
        }
        finally
        {
            one.Release();
        }
    }

    public void Dispose()
    {
        Forget();
        one.Dispose();
    }

    /// <summary>The agent may still hold answers to questions of an earlier connection: they are read away.</summary>
    private async Task SynchroniseAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(socketPath), limit.Token);
        reader = new StreamReader(new NetworkStream(socket, ownsSocket: false), Encoding.UTF8);
        var id = Random.Shared.Next(1, int.MaxValue);
        await SendAsync("guest-sync", new JsonObject { ["id"] = id }, limit.Token);
        while (JsonNode.Parse(await LineAsync(limit.Token))?["return"] is not JsonValue value || !value.TryGetValue<int>(out var got) || got != id)
        {
        }
    }

    private async Task<JsonNode> AskAsync(string command, JsonObject arguments, TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience);
        await SendAsync(command, arguments, limit.Token);
        var answer = JsonNode.Parse(await LineAsync(limit.Token))!;
        return answer["return"] ?? throw new InvalidOperationException($"{command}: {answer["error"]?.ToJsonString()}");
    }

    private async Task SendAsync(string command, JsonObject arguments, CancellationToken cancellation)
    {
        var line = new JsonObject { ["execute"] = command, ["arguments"] = arguments }.ToJsonString() + "\n";
        await socket!.SendAsync(Encoding.UTF8.GetBytes(line), cancellation);
    }

    private async Task<string> LineAsync(CancellationToken cancellation) =>
        await reader!.ReadLineAsync(cancellation) ?? throw new IOException("the machine's agent closed the connection");

    private void Forget()
    {
        reader?.Dispose();
        socket?.Dispose();
        (reader, socket) = (null, null);
    }

    private static string Text(JsonNode? base64) => base64 is null ? "" : Encoding.UTF8.GetString(Convert.FromBase64String(base64.GetValue<string>()));
}
