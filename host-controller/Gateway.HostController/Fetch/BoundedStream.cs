namespace Gateway.HostController.Fetch;

/// <summary>Reads what has no trustworthy length.</summary>
internal static class BoundedStream
{
    /// <summary>Everything to the end, or null as soon as it is more than <paramref name="limit"/> bytes.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(Stream stream, int limit, Action progressed, CancellationToken cancellation)
    {
        var buffer = new byte[16 * 1024];
        using var content = new MemoryStream();
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellation)) > 0)
        {
            progressed();
            if (content.Length + read > limit)
            {
                return null;
            }

            content.Write(buffer, 0, read);
        }

        return content.ToArray();
    }
}
