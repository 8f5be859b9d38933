using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>The engine spoken to without our client: for what somebody else does to it, and for all that it answers (Docker Engine API 1.41).</summary>
public sealed class RawEngine(string socket) : IDisposable
{
    private readonly HttpClient http = new(new SocketsHttpHandler
    {
        UseProxy = false,
        ConnectCallback = async (_, cancel) =>
        {
            var connection = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            await connection.ConnectAsync(new UnixDomainSocketEndPoint(socket), cancel);
            return new NetworkStream(connection, ownsSocket: true);
        },
    })
    { BaseAddress = new Uri("http://engine/v1.41/") };

    /// <summary>An answer, such as that of <c>containers/x/json</c>.</summary>
    public async Task<JsonNode> GetAsync(string path) => (await http.GetFromJsonAsync<JsonNode>(new Uri(path, UriKind.Relative)))!;

    /// <summary>Asks for something, which must succeed; its answer is null when empty.</summary>
    public async Task<JsonNode?> PostAsync(string path, JsonObject? body = null)
    {
        using var answer = await http.PostAsJsonAsync(new Uri(path, UriKind.Relative), body ?? []);
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {text}");
        return text.StartsWith('{') ? JsonNode.Parse(text) : null;
    }

    /// <summary>Runs a program in a container to its end, which must be a good one; its output.</summary>
    public async Task<string> ExecAsync(string container, params string[] line)
    {
        var (code, output) = await TryExecAsync(container, line);
        Assert.True(code == 0, $"{container}: {string.Join(' ', line)}: {code} {output}");
        return output;
    }

    /// <summary>Runs a program in a container to its end.</summary>
    public async Task<(int ExitCode, string Output)> TryExecAsync(string container, params string[] line)
    {
        // With a terminal the two outputs are one plain stream.
        var made = await PostAsync($"containers/{container}/exec", new JsonObject
        {
            ["Cmd"] = new JsonArray([.. line.Select(word => (JsonNode?)word)]),
            ["AttachStdout"] = true,
            ["AttachStderr"] = true,
            ["Tty"] = true,
        });
        var id = (string)made!["Id"]!;
        using var answer = await http.PostAsJsonAsync(new Uri($"exec/{id}/start", UriKind.Relative), new JsonObject { ["Detach"] = false, ["Tty"] = true });
        var output = (await answer.Content.ReadAsStringAsync()).ReplaceLineEndings("\n").Trim();
        return ((int)(await GetAsync($"exec/{id}/json"))["ExitCode"]!, output);
    }

    public void Dispose() => http.Dispose();
}
