using Gateway.ContainerSupervisor.Running;
using Gateway.Core.Engine;
using Serilog;

namespace Gateway.ContainerSupervisor.Observe;

/// <summary>Follows the engine's events and wakes the reconciler.</summary>
internal sealed class EventWatcher(DockerClient docker, EngineObserver observer, Signal wake, ILogger log)
{
    /// <summary>Not those of exec: every health check makes three.</summary>
    private static readonly EventFilter Wanted = new()
    {
        Types = ["container", "image", "network", "volume"],
        Actions = ["create", "start", "die", "destroy", "oom", "health_status", "rename", "pause", "unpause", "update", "delete", "untag", "load", "import"],
    };

    /// <summary>The engine's version, once it has answered.</summary>
    public string? EngineVersion { get; private set; }

    /// <summary>Follows until the engine goes away.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if ((await docker.VersionAsync(cancellation)).TryGet(out var version, out _))
        {
            EngineVersion = version.Version;
        }

        // What happened while nobody listened is not known.
        observer.Forget(null);
        wake.Raise();
        await foreach (var next in docker.WatchAsync(Wanted, cancellation))
        {
            if (!next.TryGet(out var happened, out var wrong))
            {
                log.Warning("{Failure}", wrong[0].ToString());
                break;
            }

            if (happened.Type == "container")
            {
                observer.Forget(happened.Actor.ID);
            }

            wake.Raise();
        }

        observer.Forget(null);
        wake.Raise();
    }
}
