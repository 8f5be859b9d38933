using Gateway.ContainerSupervisor.Running;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Status;
using Serilog;

namespace Gateway.ContainerSupervisor.Report;

/// <summary>
/// Tells the status: on every change (a burst of them once), each interval, and whenever asked. The same document lies
/// in a local file.
/// </summary>
/// <param name="compose">Makes the document of now.</param>
/// <param name="publish">Sends it.</param>
/// <param name="file">The local copy.</param>
/// <param name="interval">Between two that nobody asked for.</param>
/// <param name="log">Where failures to write go.</param>
internal sealed class StatusReporter(
    Func<StatusDocument> compose, Func<ReadOnlyMemory<byte>, CancellationToken, Task<Result<Nothing>>> publish, string file, TimeSpan interval, ILogger log) : IDisposable
{
    private static readonly TimeSpan Burst = TimeSpan.FromMilliseconds(200);

    private readonly Signal changed = new();
    private readonly Pace pace = new(perSecond: 1, burst: 20);
    private int asked;
    private int later;
    private string? complaint;

    /// <summary>Something may have changed.</summary>
    public void Changed() => changed.Raise();

    /// <summary>Something that may change often and is not urgent has changed: told with the next change, or within a while.</summary>
    public void ChangedLater() => Interlocked.Exchange(ref later, 1);

    /// <summary>Send it, changed or not.</summary>
    public void Ask()
    {
        Interlocked.Exchange(ref asked, 1);
        changed.Raise();
    }

    /// <summary>Goes on until cancelled.</summary>
    public async Task RunAsync(Action alive, CancellationToken cancellation)
    {
        byte[]? last = null;
        var due = Environment.TickCount64;
        while (true)
        {
            alive();
            var left = TimeSpan.FromMilliseconds(Math.Max(0, due - Environment.TickCount64));
            var something = await changed.WaitAsync(left < Heartbeat.Beat ? left : Heartbeat.Beat, cancellation);
            // One beat is what a container that reports something new all the time can cost.
            something |= Interlocked.Exchange(ref later, 0) == 1;
            if (!something && Environment.TickCount64 < due)
            {
                continue;
            }

            var pause = pace.Take(Environment.TickCount64);
            await Task.Delay(pause > Burst ? pause : Burst, cancellation);
            var document = compose();
            // The host's health moves all the time: it goes along and is no news by itself.
            var content = StatusWriter.Write(document with { Time = default, Host = null });
            var forced = Interlocked.Exchange(ref asked, 0) == 1 || Environment.TickCount64 >= due;
            if (!forced && last is not null && content.AsSpan().SequenceEqual(last))
            {
                continue;
            }

            last = content;
            due = Environment.TickCount64 + (long)interval.TotalMilliseconds;
            await TellAsync(document, cancellation);
        }
    }

    /// <summary>Sends it now; for the last words.</summary>
    public async Task TellAsync(StatusDocument document, CancellationToken cancellation)
    {
        var text = StatusWriter.Write(document);
        Write(text);

        // Without a connection this fails at once; the connection's return asks again.
        var sent = await publish(text, cancellation);
        log.Debug("Status: {Outcome}", sent.IsSuccess ? "published" : sent.Failure.ToString());
    }

    public void Dispose() => changed.Dispose();

    private void Write(byte[] text)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes(file + ".tmp", text);
            File.Move(file + ".tmp", file, overwrite: true);
            complaint = null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (complaint != SystemErrors.Text(e))
            {
                complaint = SystemErrors.Text(e);
                log.Warning("{File}: could not be written: {Reason}", file, SystemErrors.Text(e));
            }
        }
    }
}
