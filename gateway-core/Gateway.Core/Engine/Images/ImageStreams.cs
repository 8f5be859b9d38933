using System.Text.Json;
using Gateway.Core.Reports;

namespace Gateway.Core.Engine;

/// <summary>The streams that go with images: progress lines, archives in and out.</summary>
internal static class ImageStreams
{
    private const int BufferSize = 64 * 1024;
    private static readonly string[] LoadedPrefixes = ["Loaded image: ", "Loaded image ID: "];

    /// <summary>Sends and follows the lines until they end; the first error among them is the failure.</summary>
    public static async Task<Result<Nothing>> FollowAsync(EngineConnection connection, EngineCall call, Action<ProgressLine> line, CancellationToken cancel)
    {
        var opened = await connection.OpenAsync(call, cancel);
        if (!opened.TryGet(out var stream, out var wrong))
        {
            return wrong;
        }

        using (stream)
        {
            await foreach (var next in stream.LinesAsync(EngineJson.Default.ProgressLine, connection.Options.StallTimeout, cancel))
            {
                if (!next.TryGet(out var read, out wrong))
                {
                    return wrong;
                }

                if (read.Wrong is { } message)
                {
                    return EngineFailures.FromStream(call, message);
                }

                line(read);
            }
        }

        return default(Nothing);
    }

    /// <summary>What a load line says was loaded, or null.</summary>
    public static string? LoadedReference(ProgressLine line)
    {
        var prefix = LoadedPrefixes.FirstOrDefault(prefix => line.Stream.StartsWith(prefix, StringComparison.Ordinal));
        return prefix is null ? null : line.Stream[prefix.Length..].Trim();
    }

    /// <summary>Value of <c>X-Registry-Auth</c>: the log-in as JSON, in URL-safe Base64.</summary>
    public static string Header(RegistryAuth auth) => Convert.ToBase64String(Json(auth)).Replace('+', '-').Replace('/', '_');

    /// <summary>A log-in as the engine takes it.</summary>
    public static byte[] Json(RegistryAuth auth)
    {
        using var json = new MemoryStream();
        using (var writer = new Utf8JsonWriter(json))
        {
            writer.WriteStartObject();
            if (auth.IdentityToken.Length > 0)
            {
                writer.WriteString("identitytoken", auth.IdentityToken);
            }
            else
            {
                writer.WriteString("username", auth.Username);
                writer.WriteString("password", auth.Password);
            }

            writer.WriteString("serveraddress", auth.ServerAddress);
            writer.WriteEndObject();
        }

        return json.ToArray();
    }

    /// <summary>An archive as a request's body.</summary>
    public static HttpContent TarContent(Stream archive, TimeSpan stall)
    {
        var content = new StallingContent(archive, stall, BufferSize);
        content.Headers.ContentType = new("application/x-tar");
        return content;
    }

    /// <summary>Copies the answer and gives its length.</summary>
    public static async Task<Result<long>> CopyAsync(EngineStream stream, Stream destination, TimeSpan stall, CancellationToken cancel)
    {
        var buffer = new byte[BufferSize];
        long length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer, stall, cancel);
            if (!read.TryGet(out var count, out var wrong))
            {
                return wrong;
            }

            if (count == 0)
            {
                return length;
            }

            await destination.WriteAsync(buffer.AsMemory(0, count), cancel);
            length += count;
        }
    }
}
