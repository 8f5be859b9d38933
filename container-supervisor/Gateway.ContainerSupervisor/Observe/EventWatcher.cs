using Gateway.ContainerSupervisor.Running;
using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Serilog;

namespace Gateway.ContainerSupervisor.Observe;

/// <summary>Follows the engine's events, tells the observer what they make obsolete, and wakes the reconciler.</summary>
internal sealed class EventWatcher(DockerClient docker, EngineObserver observer, Signal wake, ILogger log)
{
    /// <summary>Not those of exec: every health check makes three.</summary>
    private static readonly EventFilter Wanted = new()
    {
        Types = ["container", "image", "network", "volume"],
        Actions =
        [
            "create", "start", "die", "destroy", "oom", "health_status", "rename", "pause", "unpause", "update",
            "pull", "tag", "untag", "delete", "load", "import", "connect", "disconnect",
        ],
    };

    /// <summary>
    /// The engine answers before it listens for events itself, so the stream begins a little in the past: what happened
    /// in between is told then.
    /// </summary>
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(2);

    /// <summary>The engine's version, once it has answered.</summary>
    public string? EngineVersion { get; private set; }

    /// <summary>Follows until the engine goes away.</summary>
    public async Task RunAsync(Action alive, CancellationToken cancellation)
    {
        alive();
        if ((await docker.VersionAsync(cancellation)).TryGet(out var version, out _))
        {
            EngineVersion = version.Version;
        }

        try
        {
            await using var told = docker.WatchAsync(Wanted with { Since = DateTimeOffset.UtcNow - Before }, Begun, cancellation).GetAsyncEnumerator(cancellation);
            while (await NextAsync(told, alive, cancellation))
            {
                if (!told.Current.TryGet(out var happened, out var wrong))
                {
                    log.Warning("{Failure}", wrong[0].ToString());
                    break;
                }

                Take(happened);
            }
        }
        finally
        {
            observer.Follow(events: false);
            wake.Raise();
        }
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<Result<EngineEvent>> told, Action alive, CancellationToken cancellation)
    {
        var next = told.MoveNextAsync().AsTask();
        await Heartbeat.WhileAsync(next, alive, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // The same cancellation ends it; before that it cannot be disposed of.
        return await next;
    }

    /// <summary>What happened while nobody listened is not known.</summary>
    private void Begun()
    {
        observer.Follow(events: true);
        wake.Raise();
    }

    private void Take(EngineEvent happened)
    {
        // Who is on a network is told by the list of containers.
        if (happened.Action is not ("connect" or "disconnect"))
        {
            observer.Forget(happened.Type, happened.Actor.ID);
        }

        wake.Raise();
    }
}
