using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;
using Serilog;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>
/// Pulls images in the background, each once at a time, a few of each application together. A pull that failed is tried
/// again after a pause that grows; nothing else waits for it.
/// </summary>
internal sealed class Puller(ImageFetch fetch, ILogger log, CancellationToken cancellation) : IDisposable
{
    private const int AtOnceEach = 3;
    private static readonly long LeastPause = (long)TimeSpan.FromSeconds(5).TotalMilliseconds;

    private readonly ConcurrentDictionary<string, Pull> pulls = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> places = new(StringComparer.Ordinal);

    /// <summary>Told when a pull has ended, well or not.</summary>
    public Action? OnEnd { get; set; }

    /// <summary>Told when a pull has got on by a tenth, though not more often than every few seconds.</summary>
    public Action? OnProgress { get; set; }

    /// <summary>When each image was last pulled, or tried in vain, in this run.</summary>
    public ImmutableDictionary<string, DateTimeOffset> Ended =>
        pulls.Where(static pull => pull.Value.Ended is not null).ToImmutableDictionary(static pull => pull.Key, static pull => pull.Value.Ended!.Value, StringComparer.Ordinal);

    /// <summary>Sees to it that the image is being pulled. What became of the last attempt, told once; null while there is nothing to tell.</summary>
    public Result<Nothing>? Ask(string application, ImageReference image)
    {
        var pull = pulls.GetOrAdd(image.Pull, static _ => new Pull());
        lock (pull)
        {
            if (pull.Running)
            {
                return null;
            }

            var told = pull.Outcome;
            pull.Outcome = null;
            if (Environment.TickCount64 >= pull.NotBefore && told is null)
            {
                pull.Running = true;
                _ = Task.Run(() => RunAsync(application, image, pull), CancellationToken.None);
            }

            return told;
        }
    }

    /// <summary>Whether asking now would neither begin a pull nor tell of one: it runs, or it waits for its next attempt.</summary>
    public bool IsUnderWay(ImageReference image)
    {
        if (!pulls.TryGetValue(image.Pull, out var pull))
        {
            return false;
        }

        lock (pull)
        {
            return pull.Running || (pull.Outcome is null && Environment.TickCount64 < pull.NotBefore);
        }
    }

    /// <summary><c>pulling …: 12 of 40 MiB</c> while the image is being pulled and something is known of it, else null.</summary>
    public string? Progress(ImageReference image) =>
        pulls.TryGetValue(image.Pull, out var pull) && pull.Running && pull.Meter.ToString() is { } amount ? $"pull {image}: {amount}" : null;

    /// <summary>When a pull that failed may be tried again, or null when none waits.</summary>
    public TimeSpan? NextRetry()
    {
        var now = Environment.TickCount64;
        var waiting = pulls.Values.Where(pull => !pull.Running).Select(pull => pull.NotBefore - now).Where(left => left > -1000).DefaultIfEmpty(long.MaxValue).Min();
        return waiting == long.MaxValue ? null : TimeSpan.FromMilliseconds(Math.Max(waiting, 0));
    }

    /// <summary>Something else is published: what failed is tried again at once.</summary>
    public void Hurry()
    {
        foreach (var pull in pulls.Values)
        {
            lock (pull)
            {
                pull.NotBefore = 0;
                pull.Pauses.Reset();
            }
        }
    }

    public void Dispose()
    {
        foreach (var place in places.Values)
        {
            place.Dispose();
        }
    }

    private async Task RunAsync(string application, ImageReference image, Pull pull)
    {
        pull.Meter = new PullMeter();
        var outcome = await PullAsync(application, image, pull);
        lock (pull)
        {
            pull.Running = false;
            pull.Outcome = outcome;
            pull.Ended = DateTimeOffset.UtcNow;
            // After a success too: an image that is not found in spite of it must not be pulled in a tight circle.
            pull.NotBefore = Environment.TickCount64 + (long)pull.Pauses.Next().TotalMilliseconds;
        }

        OnEnd?.Invoke();
    }

    private async Task<Result<Nothing>> PullAsync(string application, ImageReference image, Pull pull)
    {
        // Of each application: one whose downloads hang must not take the places of the others.
        var place = places.GetOrAdd(application, static _ => new SemaphoreSlim(AtOnceEach));
        try
        {
            await place.WaitAsync(cancellation);
            try
            {
                log.Information("Pulling {Image}", image.ToString());
                var pulled = await fetch.FetchAsync(image, pull.Meter, () => Note(image, pull), cancellation);
                log.Information("Pulling {Image}: {Outcome}", image.ToString(), pulled.IsSuccess ? "done" : pulled.Failure.Message);
                return pulled;
            }
            finally
            {
                place.Release();
            }
        }
        catch (OperationCanceledException)
        {
            return new Failure(Phase.Apply, $"image {image}", "the supervisor ends", Retryable: true);
        }
    }

    private void Note(ImageReference image, Pull pull)
    {
        var (done, total) = pull.Meter.Amount;
        var tenths = total > 0 ? (int)(done * 10 / total) : 0;
        var now = Environment.TickCount64;
        if (tenths != pull.Told.Tenths && now - pull.Told.At >= LeastPause)
        {
            pull.Told = (tenths, now);
            log.Debug("Pulling {Image}: {Amount}", image.ToString(), pull.Meter.ToString());
            OnProgress?.Invoke();
        }
    }
}
