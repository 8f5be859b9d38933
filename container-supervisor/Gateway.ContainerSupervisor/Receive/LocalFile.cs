using Gateway.ContainerSupervisor.Running;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Gateway.Core.Yaml;
using Gateway.Reconciliation.Desired;
using Serilog;

namespace Gateway.ContainerSupervisor.Receive;

/// <summary>Watches the local desired state, a file with its signature beside it in <c>.asc</c>: the source <c>gateway</c> without a network.</summary>
internal sealed class LocalFile(string path, Inbox inbox, DesiredSources sources, ILogger log)
{
    private const int LargestSignature = 16 * 1024;
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    private string? lastTaken;

    /// <summary>Looks now and whenever the folder changes; every beat as well, as not every file system tells of changes.</summary>
    public async Task RunAsync(Action alive, CancellationToken cancellation)
    {
        using var changed = new Signal();
        using var watcher = Watch(changed);
        while (true)
        {
            alive();
            await LookAsync(cancellation);
            if (await changed.WaitAsync(Heartbeat.Beat, cancellation))
            {
                // The document and its signature are two files; let both arrive.
                await Task.Delay(Settle, cancellation);
            }
        }
    }

    /// <summary>The document and its signature, or null when there is no document.</summary>
    public static Result<Envelope?> Read(string path, string? signaturePath = null)
    {
        var text = AtomicFile.ReadIfThere(path, SourceText.LargestDocument);
        var signature = AtomicFile.ReadIfThere(signaturePath ?? path + ".asc", LargestSignature);
        return !text.IsSuccess ? text.Failures
            : !signature.IsSuccess ? signature.Failures
            : text.Value is null ? (Envelope?)null
            : new Envelope(new SourceText(path, text.Value), signature.Value ?? []);
    }

    private async Task LookAsync(CancellationToken cancellation)
    {
        if (!Read(path).TryGet(out var envelope, out var wrong))
        {
            sources.Refuse("gateway", null, wrong);
            return;
        }

        var now = envelope is null ? null : Convert.ToHexString(System.Security.Cryptography.SHA256.HashData([.. envelope.Payload.Utf8.Span, .. envelope.Signature.Span]));
        if (envelope is null || now == lastTaken)
        {
            return;
        }

        lastTaken = now;
        await inbox.TakeAsync("gateway", envelope, cancellation);
    }

    private FileSystemWatcher? Watch(Signal changed)
    {
        try
        {
            var watcher = new FileSystemWatcher(Path.GetDirectoryName(path)!, Path.GetFileName(path) + "*");
            watcher.Changed += (_, _) => changed.Raise();
            watcher.Created += (_, _) => changed.Raise();
            watcher.Renamed += (_, _) => changed.Raise();
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            log.Warning("{File}: changes are noticed only every {Seconds} s: {Reason}", path, Heartbeat.Beat.TotalSeconds, e.Message);
            return null;
        }
    }
}
