using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Reports;

namespace Gateway.ContainerSupervisor.LocalApi;

/// <summary>An answer over a local socket: a status and a JSON object.</summary>
internal sealed record ApiAnswer(int Status, JsonObject Body)
{
    private static readonly JsonWriterOptions OneLineOfJson = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ApiAnswer Ok(JsonObject body) => new(200, body);

    /// <summary><c>{"error": …}</c>, one line.</summary>
    public static ApiAnswer Error(int status, string message) => new(status, new JsonObject { ["error"] = OneLine.Of(message) });

    /// <summary>As it goes over the wire; the connection ends after it.</summary>
    public byte[] ToBytes()
    {
        using var text = new MemoryStream();
        using (var json = new Utf8JsonWriter(text, OneLineOfJson))
        {
            Body.WriteTo(json);
        }

        text.WriteByte((byte)'\n');
        var head = $"HTTP/1.1 {Status} {Word(Status)}\r\nContent-Type: application/json\r\nContent-Length: {text.Length}\r\nConnection: close\r\n\r\n";
        return [.. Encoding.ASCII.GetBytes(head), .. text.ToArray()];
    }

    private static string Word(int status) => status switch
    {
        200 => "OK",
        400 => "Bad Request",
        403 => "Forbidden",
        404 => "Not Found",
        405 => "Method Not Allowed",
        408 => "Request Timeout",
        409 => "Conflict",
        413 => "Content Too Large",
        431 => "Request Header Fields Too Large",
        501 => "Not Implemented",
        503 => "Service Unavailable",
        507 => "Insufficient Storage",
        _ => "Internal Server Error",
    };
}
