using System.Globalization;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Specs;
using Gateway.Reconciliation.Updates;

namespace Gateway.Reconciliation.Plan;

/// <summary>The verdict over one container.</summary>
/// <param name="Standing">The verdict.</param>
/// <param name="Until">When it is to be judged again at the latest; not set when nothing but an event can change it.</param>
/// <param name="Reason">What is wrong with it or what it waits for, or null.</param>
internal readonly record struct Verdict(Standing Standing, DateTimeOffset Until = default, string? Reason = null)
{
    /// <summary>A container without a health check is good when it has run this long without a restart.</summary>
    private static readonly TimeSpan Settle = TimeSpan.FromSeconds(3);

    /// <summary>Beyond what a health check by its own figures may take.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    /// <summary>The engine's longest pause between two starts: one that has run for longer is not in a crash loop.</summary>
    private static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    private const int MostRestarts = 3;

    /// <summary>Judges a container that was not known good before.</summary>
    public static Verdict OfCandidate(ContainerSpec spec, ObservedContainer container, DateTimeOffset now)
    {
        var started = container.Started ?? container.Created;
        var name = spec.Service.Name;
        switch (container.State)
        {
            case ContainerState.Created or ContainerState.Paused:
                return new Verdict(Standing.Down);
            case ContainerState.Exited or ContainerState.Dead:
                return !Ends(spec) ? new Verdict(Standing.Down)
                    : container.ExitCode is null or 0 ? new Verdict(Standing.Ready)
                    : new Verdict(Standing.Bad, default, $"{name} ended{Why(spec, container)}");
            case ContainerState.Removing:
                return new Verdict(Standing.Pending, now + Settle, $"{name} is being removed");
        }

        if (container.Restarts >= MostRestarts)
        {
            return new Verdict(Standing.Bad, default, KeepsEnding(spec, container));
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
    public static Verdict OfKnown(ContainerSpec spec, ObservedContainer container, Trial? trial, DateTimeOffset now)
    {
        var name = spec.Service.Name;
        return container.State switch
        {
            ContainerState.Created when container.Error is null => new Verdict(Standing.Down),
            ContainerState.Created => Again(spec, container, trial, now),
            ContainerState.Exited or ContainerState.Dead => OfEnded(spec, container, trial, now),
            ContainerState.Paused => new Verdict(Standing.Down),
            ContainerState.Restarting => new Verdict(Standing.Ready, default, KeepsEnding(spec, container)),
            ContainerState.Running when container.Health == ContainerHealth.Unhealthy => OfUnhealthy(spec, trial, now),
            ContainerState.Running when container.Restarts >= MostRestarts && now - container.Started < LongestPause =>
                new Verdict(Standing.Ready, container.Started!.Value + LongestPause, KeepsEnding(spec, container)),
            ContainerState.Running => new Verdict(Standing.Ready),
            _ => new Verdict(Standing.Ready, default, $"{name} is being removed"),
        };
    }

    private static Verdict OfEnded(ContainerSpec spec, ObservedContainer container, Trial? trial, DateTimeOffset now)
    {
        if (!Ends(spec))
        {
            return Again(spec, container, trial, now);
        }

        var limit = spec.Service.Restart is { Name: "on-failure", MaximumRetries: > 0 and var most } ? most : 0;
        return container.ExitCode is null or 0 ? new Verdict(Standing.Ready)
            : spec.OneShot ? new Verdict(Standing.Ready, default, $"{spec.Service.Name} ended{Why(spec, container)}")
            : limit > 0 && container.Restarts >= limit ? new Verdict(Standing.Ready, default, $"{spec.Service.Name} ended{Why(spec, container)}; restarted {limit} times, as often as it may be")
            : Again(spec, container, trial, now);
    }

    /// <summary>Down: now, or when the pause is over.</summary>
    private static Verdict Again(ContainerSpec spec, ObservedContainer container, Trial? trial, DateTimeOffset now) =>
        trial is null || now >= trial.NotBefore
            ? new Verdict(Standing.Down)
            : new Verdict(Standing.Resting, trial.NotBefore, $"{spec.Service.Name} {(container.Error is { } error ? $"cannot be started: {error}" : $"ended{Why(spec, container)}")}; {Next(trial)}");

    private static Verdict OfUnhealthy(ContainerSpec spec, Trial? trial, DateTimeOffset now)
    {
        var name = spec.Service.Name;
        return !spec.Service.RestartUnhealthy ? new Verdict(Standing.Ready, default, $"{name} is unhealthy")
            : trial is null || now >= trial.NotBefore ? new Verdict(Standing.Restart, default, $"{name} is unhealthy; it is restarted")
            : new Verdict(Standing.Ready, trial.NotBefore, $"{name} is unhealthy; {Next(trial)}");
    }

    private static string Next(Trial trial) =>
        string.Create(CultureInfo.InvariantCulture, $"tried {trial.Count} {(trial.Count == 1 ? "time" : "times")}, again at {trial.NotBefore.UtcDateTime:HH:mm:ss}Z");

    private static string KeepsEnding(ContainerSpec spec, ObservedContainer container) => $"{spec.Service.Name} keeps ending{Why(spec, container)}, restarted {container.Restarts} times";

    private static bool Ends(ContainerSpec spec) => spec.OneShot || spec.Service.Restart?.Name == "on-failure";

    private static string Why(ContainerSpec spec, ObservedContainer container) =>
        container.OutOfMemory ? $", out of memory{Limit(spec)}"
        : container.ExitCode is { } code ? $" with exit code {code}"
        : "";

    private static string Limit(ContainerSpec spec) =>
        ObservedSettings.Number(spec.Body["HostConfig"]?["Memory"]) is > 0 and var bytes
            ? string.Create(CultureInfo.InvariantCulture, $" (its limit is {bytes / 1048576.0:0.#} MiB)")
            : "";

    /// <summary>By the engine's rules a check is unhealthy after this long; its defaults are 30 s, 30 s, 3.</summary>
    private static TimeSpan Budget(HealthCheck? check)
    {
        var interval = check?.Interval ?? TimeSpan.FromSeconds(30);
        var timeout = check?.Timeout ?? TimeSpan.FromSeconds(30);
        return (check?.StartPeriod ?? TimeSpan.Zero) + ((interval + timeout) * (check?.Retries ?? 3)) + Margin;
    }
}
