using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>One answer: its head, and how its body is sent.</summary>
internal sealed record HttpFixtureAnswer(int Status, byte[] Body)
{
    private const string LoginPage = "<!DOCTYPE html><html><title>Welcome to the hotel</title><body>Please log in to use the network.</body></html>\n";
    private static readonly byte[] Filler = Encoding.ASCII.GetBytes(new string('#', 4095) + "\n");

    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>Whether only the head is sent.</summary>
    public bool HeadOnly { get; init; }

    public HttpFault? Fault { get; init; }

    /// <summary>Asks who it is.</summary>
    public static HttpFixtureAnswer Unauthorized(string challenge) => Of(401, "{}", ("WWW-Authenticate", challenge));

    /// <summary>The answer to a request; null for none at all.</summary>
    public static HttpFixtureAnswer? For(HttpFixtureRequest request, HttpFile? file, HttpFault? fault)
    {
        var answer = fault switch
        {
            HttpFault.Hang or HttpFault.Reset => null,
            HttpFault.Status status => Of(status.Code, $"status {status.Code}\n", ("Retry-After", status.RetryAfter?.ToString(CultureInfo.InvariantCulture))),
            HttpFault.Redirect redirect => Of(302, "", ("Location", redirect.Location)),
            HttpFault.CaptivePortal => Of(200, LoginPage, ("Content-Type", "text/html")),
            HttpFault.Endless => Of(200, ""),
            HttpFault.NoConditions when file is not null => With(new HttpFixtureAnswer(200, file.Content), ("Content-Type", file.Type)),
            _ when file is null => Of(404, "not here\n"),
            _ => Conditional(request, file),
        };
        return answer is null ? null : answer with { Fault = fault, HeadOnly = request.Method == "HEAD" };
    }

    public async Task SendAsync(NetworkStream stream, CancellationToken cancel)
    {
        var head = new StringBuilder($"HTTP/1.1 {Status} {(Status < 400 ? "OK" : "Error")}\r\nConnection: close\r\n");
        foreach (var (name, value) in Headers)
        {
            head.Append(CultureInfo.InvariantCulture, $"{name}: {value}\r\n");
        }

        if (Fault is not HttpFault.Endless && Status != 304)
        {
            head.Append(CultureInfo.InvariantCulture, $"Content-Length: {Body.Length}\r\n");
        }

        await stream.WriteAsync(Encoding.Latin1.GetBytes(head.Append("\r\n").ToString()), cancel);
        if (!HeadOnly && Status != 304)
        {
            await SendBodyAsync(stream, cancel);
        }

        stream.Socket.Shutdown(SocketShutdown.Send);
    }

    private async Task SendBodyAsync(NetworkStream stream, CancellationToken cancel)
    {
        switch (Fault)
        {
            case HttpFault.Endless:
                while (true)
                {
                    await stream.WriteAsync(Filler, cancel);
                }

            case HttpFault.Truncate cut:
                await stream.WriteAsync(Body.AsMemory(0, Math.Min(cut.AfterBytes, Body.Length)), cancel);
                break;
            case HttpFault.Slow slow:
                var piece = Math.Max(1, slow.BytesPerSecond / 10);
                for (var at = 0; at < Body.Length; at += piece)
                {
                    await stream.WriteAsync(Body.AsMemory(at, Math.Min(piece, Body.Length - at)), cancel);
                    await Task.Delay(TimeSpan.FromSeconds((double)piece / slow.BytesPerSecond), cancel);
                }

                break;
            default:
                await stream.WriteAsync(Body, cancel);
                break;
        }
    }

    private static HttpFixtureAnswer Conditional(HttpFixtureRequest request, HttpFile file)
    {
        var etag = file.ETag;
        var known = request.Headers.GetValueOrDefault("If-None-Match");
        if (known is not null && known.Split(',', StringSplitOptions.TrimEntries).Contains(etag))
        {
            return With(new HttpFixtureAnswer(304, []), ("ETag", etag));
        }

        var answer = Ranged(request, file.Content, etag) ?? new HttpFixtureAnswer(200, file.Content);
        return With(answer, ("ETag", etag), ("Content-Type", file.Type), ("Accept-Ranges", "bytes"));
    }

    private static HttpFixtureAnswer? Ranged(HttpFixtureRequest request, byte[] content, string etag)
    {
        var range = request.Headers.GetValueOrDefault("Range");
        var condition = request.Headers.GetValueOrDefault("If-Range");
        if (range is null || !range.StartsWith("bytes=", StringComparison.Ordinal) || (condition is not null && condition != etag))
        {
            return null;
        }

        var bounds = range["bytes=".Length..].Split('-');
        var from = int.Parse(bounds[0], CultureInfo.InvariantCulture);
        var to = bounds[1].Length == 0 ? content.Length - 1 : Math.Min(int.Parse(bounds[1], CultureInfo.InvariantCulture), content.Length - 1);
        return from > to
            ? With(new HttpFixtureAnswer(416, []), ("Content-Range", $"bytes */{content.Length}"))
            : With(new HttpFixtureAnswer(206, content[from..(to + 1)]), ("Content-Range", $"bytes {from}-{to}/{content.Length}"));
    }

    private static HttpFixtureAnswer Of(int status, string body, params (string Name, string? Value)[] headers) =>
        With(new HttpFixtureAnswer(status, Encoding.UTF8.GetBytes(body)), headers);

    private static HttpFixtureAnswer With(HttpFixtureAnswer answer, params (string Name, string? Value)[] headers)
    {
        foreach (var (name, value) in headers)
        {
            if (value is not null)
            {
                answer.Headers[name] = value;
            }
        }

        return answer;
    }
}
