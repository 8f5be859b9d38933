using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Plan;

/// <summary>How a container stands to what its service shall be.</summary>
internal enum Standing
{
    /// <summary>To be started.</summary>
    Down,

    /// <summary>Not yet known whether it is good.</summary>
    Pending,

    /// <summary>As it shall be.</summary>
    Ready,

    /// <summary>Known not to be good.</summary>
    Bad,
}

/// <summary>The verdict over one container.</summary>
/// <param name="Standing">The verdict.</param>
/// <param name="Until">When a pending one is judged at the latest.</param>
/// <param name="Reason">Why it is bad or pending, or null.</param>
internal readonly record struct Verdict(Standing Standing, DateTimeOffset Until = default, string? Reason = null)
{
    /// <summary>A container without a health check is good when it has run this long without a restart.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);

    /// <summary>Beyond what a health check by its own figures may take.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private const int MostRestarts = 3;

    /// <summary>Judges a container that was not known good before.</summary>
    public static Verdict OfCandidate(ContainerSpec spec, ObservedContainer container, DateTimeOffset now)
    {
        var started = container.Started ?? container.Created;
        var name = spec.Service.Name;
        switch (container.State)
        {
            case ContainerState.Created:
                return new Verdict(Standing.Down);
            case ContainerState.Exited or ContainerState.Dead:
                return OfExited(spec, container);
            case ContainerState.Paused:
                return new Verdict(Standing.Bad, default, $"{name} is paused");
            case ContainerState.Removing:
                return new Verdict(Standing.Pending, now + Settle, $"{name} is being removed");
        }

        if (container.Restarts >= MostRestarts)
        {
            return new Verdict(Standing.Bad, default, $"{name} keeps ending{Why(container)}");
        }

        if (container.State == ContainerState.Running && container.Health == ContainerHealth.Healthy)
        {
            return new Verdict(Standing.Ready);
        }

        if (container.Health == ContainerHealth.Unhealthy)
        {
            return new Verdict(Standing.Bad, default, $"{name} is unhealthy");
        }

        var healthy = container.Health == ContainerHealth.None && container.State == ContainerState.Running;
        var until = started + (healthy ? Settle : Budget(spec.Service.HealthCheck));
        return now < until ? new Verdict(Standing.Pending, until, $"{name} is starting")
            : healthy ? new Verdict(Standing.Ready)
            : new Verdict(Standing.Bad, default, $"{name} did not become healthy in time");
    }

    /// <summary>Judges a container of a release that was found good: nothing it does makes it bad for good.</summary>
    public static Verdict OfKnown(ContainerSpec spec, ObservedContainer container) => container.State switch
    {
        ContainerState.Created => new Verdict(Standing.Down),
        ContainerState.Exited or ContainerState.Dead => OfExited(spec, container) switch
        {
            { Standing: Standing.Bad } bad when spec.OneShot || (spec.Service.Restart is { MaximumRetries: > 0 } limit && container.Restarts >= limit.MaximumRetries) => bad with { Standing = Standing.Ready },
            { Standing: Standing.Bad } bad => bad with { Standing = Standing.Down },
            var other => other,
        },
        ContainerState.Running when container.Health == ContainerHealth.Unhealthy => new Verdict(Standing.Ready, default, $"{spec.Service.Name} is unhealthy"),
        ContainerState.Running => new Verdict(Standing.Ready),
        ContainerState.Restarting => new Verdict(Standing.Ready, default, $"{spec.Service.Name} keeps ending{Why(container)}"),
        ContainerState.Paused => new Verdict(Standing.Ready, default, $"{spec.Service.Name} is paused"),
        _ => new Verdict(Standing.Ready, default, $"{spec.Service.Name} is being removed"),
    };

    private static Verdict OfExited(ContainerSpec spec, ObservedContainer container)
    {
        var ends = spec.OneShot || spec.Service.Restart?.Name == "on-failure";
        return !ends ? new Verdict(Standing.Down)
            : container.ExitCode is null or 0 ? new Verdict(Standing.Ready)
            : new Verdict(Standing.Bad, default, $"{spec.Service.Name} ended{Why(container)}");
    }

    private static string Why(ObservedContainer container) =>
        container.OutOfMemory ? ", out of memory" : container.ExitCode is { } code ? $" with exit code {code}" : "";

    /// <summary>By the engine's rules a check is unhealthy after this long; its defaults are 30 s, 30 s, 3.</summary>
    private static TimeSpan Budget(HealthCheck? check)
    {
        var interval = check?.Interval ?? TimeSpan.FromSeconds(30);
        var timeout = check?.Timeout ?? TimeSpan.FromSeconds(30);
        return (check?.StartPeriod ?? TimeSpan.Zero) + ((interval + timeout) * (check?.Retries ?? 3)) + Margin;
    }
}
