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
    private bool complained;

    /// <summary>How often it looks even when nothing is told.</summary>
    public TimeSpan Beat { get; init; } = Heartbeat.Beat;

    /// <summary>
    /// Looks now and whenever the folder changes; every beat as well, as not every file system tells of changes, folders
    /// come later and media are mounted over them: what only the beat noticed means that the watcher is deaf.
    /// </summary>
    public async Task RunAsync(Action alive, CancellationToken cancellation)
    {
        using var changed = new Signal();
        var watcher = Watch(changed);
        try
        {
            var told = true;
            while (true)
            {
                alive();
                if (await LookAsync(cancellation) && !told)
                {
                    watcher?.Dispose();
                    watcher = Watch(changed);
                }

                told = await changed.WaitAsync(Beat, cancellation);
                if (told)
                {
                    // The document and its signature are two files; let both arrive.
                    await Task.Delay(Settle, cancellation);
                }
                else
                {
                    watcher ??= Watch(changed);
                }
            }
        }
        finally
        {
            watcher?.Dispose();
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

    /// <summary>Takes the document unless it is the one taken last; whether it is another one than at the last look.</summary>
    private async Task<bool> LookAsync(CancellationToken cancellation)
    {
        if (!Read(path).TryGet(out var envelope, out var wrong))
        {
            // Once it can be read again it is judged again, and what is said of it here is withdrawn.
            lastTaken = null;
            sources.Refuse("gateway", null, wrong);
            return false;
        }

        var now = envelope is null ? null : Convert.ToHexString(System.Security.Cryptography.SHA256.HashData([.. envelope.Payload.Utf8.Span, .. envelope.Signature.Span]));
        if (envelope is null || now == lastTaken)
        {
            return false;
        }

        lastTaken = now;
        await inbox.TakeAsync("gateway", envelope, cancellation);
        return true;
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
            complained = false;
            return watcher;
        }
        catch (Exception e) when (e is IOException or ArgumentException)
        {
            if (!complained)
            {
                complained = true;
                log.Warning("{File}: changes are noticed only every {Seconds} s: {Reason}", path, Beat.TotalSeconds, SystemErrors.Text(e));
            }

            return null;
        }
    }
}
