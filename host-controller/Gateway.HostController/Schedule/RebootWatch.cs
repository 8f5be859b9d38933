using System.Text.Json;
using Gateway.Core.Processes;
using Gateway.Core.Reports;
using Gateway.Core.State;
using Serilog;

namespace Gateway.HostController.Schedule;

/// <summary>
/// Takes the supervisor's requests to reboot the machine: a file in <c>/run/gateway</c>, which is removed to acknowledge it.
/// The supervisor writes one only for a signed command that it has marked, so that a replay asks for nothing.
/// </summary>
internal sealed class RebootWatch(HostPaths paths, TimeProvider clock, ILogger log)
{
    private const string Name = "reboot-request";
    private const int LargestRequest = 4096;

    /// <summary>Not every change is told of; the supervisor waits 15 s.</summary>
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(5);

    /// <summary>An older request was left behind by a supervisor that is gone: its operator was told that nobody took it.</summary>
    private static readonly TimeSpan Stale = TimeSpan.FromMinutes(1);

    /// <summary>A cycle under way gets this long to end: a reboot amid packages leaves them half installed.</summary>
    private static readonly TimeSpan LongestCycle = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private readonly string file = Path.Combine(paths.Runtime, Name);

    /// <summary>Goes on until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var changed = new SemaphoreSlim(0, 1);
        using var watcher = Watch(changed);
        while (!cancellation.IsCancellationRequested)
        {
            try
            {
                if (Take() is { } id)
                {
                    await RebootAsync(id, cancellation);
                }

                await changed.WaitAsync(Beat, cancellation);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                return;
            }
            catch (Exception bug)
            {
                log.Error(bug, "watching for requests to reboot failed unexpectedly; please report this");
                await Task.Delay(Beat, clock, CancellationToken.None);
            }
        }
    }

    /// <summary>The id of a request that is to be carried out; the request is then gone. Null when there is none.</summary>
    public string? Take()
    {
        var read = AtomicFile.ReadIfThere(file, LargestRequest);
        if (read is { IsSuccess: true, Value: null })
        {
            return null;
        }

        try
        {
            File.Delete(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            log.Warning("{File}: the request to reboot could not be taken: {Reason}", file, SystemErrors.Text(e));
            return null;
        }

        if (read.IsSuccess && Parse(read.Value!) is var (id, at) && (clock.GetUtcNow() - at).Duration() <= Stale)
        {
            return id;
        }

        log.Warning("{File}: was not a request to reboot, or an old one; removed", file);
        return null;
    }

    private async Task RebootAsync(string id, CancellationToken cancellation)
    {
        log.Warning("command {Id} of an operator asks for a reboot of the machine", id);
        var begun = clock.GetTimestamp();
        while (clock.GetElapsedTime(begun) < LongestCycle)
        {
            if (SingleInstance.Take(paths.Lock, "reboot").TryGet(out var held, out _))
            {
                using (held)
                {
                    await SystemctlAsync(cancellation);
                    return;
                }
            }

            await Task.Delay(Look, clock, cancellation);
        }

        log.Warning("a cycle is still under way after {Minutes} minutes; rebooting all the same", LongestCycle.TotalMinutes);
        await SystemctlAsync(cancellation);
    }

    private async Task SystemctlAsync(CancellationToken cancellation)
    {
        var outcome = await ProcessRunner.RunAsync(new ProcessRequest(paths.On("/usr/bin/systemctl"), ["reboot"]), cancellation);
        if (!outcome.IsSuccess)
        {
            log.Error("the machine could not be rebooted: systemctl ended with status {Status}: {Text}", outcome.ExitCode, OneLine.Of(outcome.StandardError));
        }
    }

    private static (string Id, DateTimeOffset At)? Parse(byte[] content)
    {
        try
        {
            using var request = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 4 });
            return (OneLine.Of(request.RootElement.GetProperty("id").GetString() ?? ""), request.RootElement.GetProperty("at").GetDateTimeOffset());
        }
        catch (Exception e) when (e is JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            return null;
        }
    }

    private FileSystemWatcher? Watch(SemaphoreSlim changed)
    {
        try
        {
            Directory.CreateDirectory(paths.Runtime);
            var watcher = new FileSystemWatcher(paths.Runtime, Name);
            watcher.Created += (_, _) => Tell(changed);
            watcher.Renamed += (_, _) => Tell(changed);
            watcher.EnableRaisingEvents = true;
            return watcher;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            log.Information("{Folder}: requests are noticed every {Seconds} s only: {Reason}", paths.Runtime, Beat.TotalSeconds, SystemErrors.Text(e));
            return null;
        }
    }

    private static void Tell(SemaphoreSlim changed)
    {
        try
        {
            changed.Release();
        }
        catch (SemaphoreFullException)
        {
            // It will look anyway.
            return;
        }
    }
}
