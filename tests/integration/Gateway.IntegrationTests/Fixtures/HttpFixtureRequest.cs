using System.Net.Sockets;
using System.Text;

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>A request's head; bodies are not read.</summary>
internal sealed record HttpFixtureRequest(string Method, string Path, IReadOnlyDictionary<string, string> Headers)
{
    private const int LongestHead = 64 * 1024;
    private const byte TlsHandshake = 0x16;

    public static async Task<HttpFixtureRequest?> ReadAsync(NetworkStream stream, CancellationToken cancel)
    {
        var head = new StringBuilder();
        var buffer = new byte[4096];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await stream.ReadAsync(buffer, cancel);
            // A client that tries TLS first is told at once that there is none.
            if (read == 0 || head.Length > LongestHead || (head.Length == 0 && buffer[0] == TlsHandshake))
            {
                return null;
            }

            head.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        var lines = head.ToString().Split("\r\n");
        var first = lines[0].Split(' ');
        var headers = lines.Skip(1).TakeWhile(line => line.Length > 0).Select(line => line.Split(':', 2))
            .GroupBy(pair => pair[0].Trim(), StringComparer.OrdinalIgnoreCase)
            .ToDictionary(group => group.Key, group => string.Join(", ", group.Select(pair => pair[1].Trim())), StringComparer.OrdinalIgnoreCase);
        return new HttpFixtureRequest(first[0], first[1].Split('?')[0], headers);
    }
}
