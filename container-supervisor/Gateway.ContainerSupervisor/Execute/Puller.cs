using System.Collections.Concurrent;
using Gateway.Core.Engine;
using Gateway.Core.Mqtt;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;
using Serilog;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>
/// Pulls images in the background, each once at a time, a few together. A pull that failed for want of a network is
/// tried again after a pause that grows; nothing else waits for it.
/// </summary>
internal sealed class Puller(DockerClient docker, ILogger log, CancellationToken cancellation) : IDisposable
{
    private const int AtOnce = 3;

    private readonly ConcurrentDictionary<string, Pull> pulls = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim places = new(AtOnce);

    /// <summary>Told when a pull has ended, well or not.</summary>
    public Action? OnEnd { get; set; }

    /// <summary>Sees to it that the image is being pulled. What became of the last attempt, told once; null while there is nothing to tell.</summary>
    public Result<Nothing>? Ask(ImageReference image)
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
                _ = Task.Run(() => RunAsync(image, pull), CancellationToken.None);
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
            }
        }
    }

    public void Dispose() => places.Dispose();

    private async Task RunAsync(ImageReference image, Pull pull)
    {
        var outcome = await PullAsync(image);
        lock (pull)
        {
            pull.Running = false;
            pull.Outcome = outcome;
            // After a success too: an image that is not found in spite of it must not be pulled in a tight circle.
            pull.NotBefore = Environment.TickCount64 + (long)pull.Pauses.Next().TotalMilliseconds;
        }

        OnEnd?.Invoke();
    }

    private async Task<Result<Nothing>> PullAsync(ImageReference image)
    {
        try
        {
            await places.WaitAsync(cancellation);
            try
            {
                log.Information("Pulling {Image}", image.ToString());
                var pulled = await docker.Images.PullAsync(image.Pull, cancel: cancellation);
                log.Information("Pulling {Image}: {Outcome}", image.ToString(), pulled.IsSuccess ? "done" : pulled.Failure.Message);
                return pulled.IsSuccess ? default(Nothing) : pulled.Failures;
            }
            finally
            {
                places.Release();
            }
        }
        catch (OperationCanceledException)
        {
            return new Failure(Phase.Apply, $"image {image}", "the supervisor ends", Retryable: true);
        }
    }

    private sealed class Pull
    {
        public bool Running { get; set; }

        public Result<Nothing>? Outcome { get; set; }

        public long NotBefore { get; set; }

        public BackOff Pauses { get; } = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10));
    }
}
