using System.Buffers;
using System.Globalization;
using System.Text;

namespace Gateway.ContainerSupervisor.LocalApi;

/// <summary>Reads one HTTP/1.1 request (RFC 9112), of what is needed no more, and of a bounded size.</summary>
internal static class RequestReader
{
    public const int LargestHead = 8 * 1024;
    public const int LargestBody = 16 * 1024;

    private static readonly SearchValues<char> Token = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZ");

    /// <summary>The request; or the answer to a bad one; or neither when the other side went away.</summary>
    /// <param name="read">Fills a buffer; 0 at the end.</param>
    public static async Task<(ApiRequest? Request, ApiAnswer? Refusal)> ReadAsync(Func<Memory<byte>, ValueTask<int>> read)
    {
        var buffer = new byte[LargestHead + LargestBody];
        var filled = 0;
        int head;
        while ((head = buffer.AsSpan(0, Math.Min(filled, LargestHead)).IndexOf("\r\n\r\n"u8)) < 0)
        {
            if (filled >= LargestHead)
            {
                return (null, ApiAnswer.Error(431, $"the head of a request may have {LargestHead} bytes"));
            }

            var count = await read(buffer.AsMemory(filled));
            if (count == 0)
            {
                return (null, null);
            }

            filled += count;
        }

        var parsed = ParseHead(Encoding.Latin1.GetString(buffer, 0, head), out var length, out var refusal);
        if (parsed is null)
        {
            return (null, refusal);
        }

        var start = head + 4;
        while (filled - start < length)
        {
            var count = await read(buffer.AsMemory(filled, start + length - filled));
            if (count == 0)
            {
                return (null, null);
            }

            filled += count;
        }

        return (parsed with { Body = buffer.AsMemory(start, length) }, null);
    }

    private static ApiRequest? ParseHead(string head, out int length, out ApiAnswer? refusal)
    {
        length = 0;
        refusal = null;
        var lines = head.Split("\r\n");
        if (lines[0].Split(' ') is not [{ Length: > 0 and < 16 } method, ['/', ..] target, "HTTP/1.1" or "HTTP/1.0"] || method.AsSpan().ContainsAnyExcept(Token))
        {
            refusal = ApiAnswer.Error(400, "this is not an HTTP/1.1 request");
            return null;
        }

        string? given = null;
        foreach (var line in lines.Skip(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line[colon - 1] is ' ' or '\t' || line[0] is ' ' or '\t')
            {
                refusal = ApiAnswer.Error(400, "a header of the request is malformed");
                return null;
            }

            if (line.AsSpan(0, colon).Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase))
            {
                refusal = ApiAnswer.Error(501, "a body must come with its Content-Length, not in chunks");
                return null;
            }

            if (line.AsSpan(0, colon).Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            {
                refusal = given is null ? null : ApiAnswer.Error(400, "Content-Length is given twice");
                given ??= line[(colon + 1)..].Trim();
            }

            if (refusal is not null)
            {
                return null;
            }
        }

        if (given is not null && !int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out length))
        {
            refusal = ApiAnswer.Error(given.Length > 0 && given.All(char.IsAsciiDigit) ? 413 : 400, "Content-Length is not a number of bytes that can be taken");
            return null;
        }

        if (length > LargestBody)
        {
            refusal = ApiAnswer.Error(413, $"the body of a request may have {LargestBody} bytes");
            return null;
        }

        return target.Split('?', 2) is [var path, var query] ? new ApiRequest(method, path, query, default) : new ApiRequest(method, target, "", default);
    }
}
