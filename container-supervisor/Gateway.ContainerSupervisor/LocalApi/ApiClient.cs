using System.Net.Sockets;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Reports;

namespace Gateway.ContainerSupervisor.LocalApi;

/// <summary>Asks the running supervisor over the machine's own socket.</summary>
internal static class ApiClient
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private const int LargestAnswer = 1024 * 1024;

    /// <summary>The answer's object; its <c>error</c> as a failure.</summary>
    /// <param name="runDirectory">Of the running supervisor.</param>
    /// <param name="method">PUT, DELETE, GET.</param>
    /// <param name="path">With its query.</param>
    /// <param name="body">JSON, or null for none.</param>
    /// <param name="cancellation">Ends it.</param>
    public static async Task<Result<JsonObject>> AskAsync(string runDirectory, HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        var socket = Path.Combine(runDirectory, ApiSocket.Name);
        using var handler = new SocketsHttpHandler { ConnectCallback = async (_, cancel) => await ConnectAsync(socket, cancel), UseProxy = false };
        using var client = new HttpClient(handler) { Timeout = Patience, MaxResponseContentBufferSize = LargestAnswer };
        using var request = new HttpRequestMessage(method, $"http://supervisor{path}");
        request.Content = body is null ? null : new StringContent(body.ToJsonString());
        try
        {
            using var response = await client.SendAsync(request, cancellation);
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellation)) as JsonObject ?? [];
            return response.IsSuccessStatusCode ? answer : new Failure(Phase.Fetch, path, (string?)answer["error"] ?? $"refused with status {(int)response.StatusCode}");
        }
        catch (Exception e) when (e is HttpRequestException or JsonException or OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            return new Failure(Phase.Fetch, socket, $"{(e.InnerException ?? e).Message}; is the supervisor running? root only may ask");
        }
    }

    private static async Task<Stream> ConnectAsync(string path, CancellationToken cancellation)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
