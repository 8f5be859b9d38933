using System.Net;

namespace Gateway.Core.Engine;

/// <summary>A request's body of unknown length, given up when the engine takes nothing of it for <paramref name="stall"/>.</summary>
internal sealed class StallingContent(Stream source, TimeSpan stall, int bufferSize) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        var buffer = new byte[bufferSize];
        int read;
        while ((read = await source.ReadAsync(buffer, cancellationToken)) > 0)
        {
            using var inTime = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            inTime.CancelAfter(stall);
            try
            {
                await stream.WriteAsync(buffer.AsMemory(0, read), inTime.Token);
            }
            catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
            {
                throw new IOException($"it took nothing for {stall.TotalSeconds:0.#} s", e);
            }
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
