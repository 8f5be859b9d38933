using System.Collections.Immutable;
using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Observed;
using ContainerHealth = Gateway.Reconciliation.Observed.ContainerHealth;
using ContainerState = Gateway.Reconciliation.Observed.ContainerState;

namespace Gateway.ContainerSupervisor.Observe;

/// <summary>What the engine answers, as the planner looks at it. Pure.</summary>
internal static class ObservedMapping
{
    private static readonly DateTimeOffset Never = new(2, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>A container from the list, with what was inspected of it, if it was.</summary>
    public static ObservedContainer Container(ContainerSummary listed, ContainerDetails? details)
    {
        var state = State(listed.State);
        return new ObservedContainer
        {
            Id = listed.Id,
            Name = listed.Name,
            Labels = Sorted(listed.Labels),
            State = state,
            Health = Health(listed.Status),
            Image = details?.Config.Image is { Length: > 0 } made ? made : listed.Image,
            ImageId = listed.ImageID,
            Networks = [.. listed.NetworkSettings.Networks.Keys.Order(StringComparer.Ordinal)],
            Joined = details is { HostConfig: var modes } ? Joined(modes.NetworkMode, modes.PidMode, modes.IpcMode) : [],
            Created = details?.Created ?? DateTimeOffset.FromUnixTimeSeconds(listed.Created),
            Started = details is { State.StartedAt: var started } && started > Never ? started : null,
            ExitCode = details is not null && state is ContainerState.Exited or ContainerState.Dead or ContainerState.Restarting ? details?.State.ExitCode : null,
            OutOfMemory = details?.State.OOMKilled ?? false,
            Restarts = details?.RestartCount ?? 0,
            Error = details?.State.Error is { Length: > 0 } error ? OneLine.Of(error) : null,
            Settings = details is { HostConfig: var host } ? Settings(host) : null,
        };
    }

    private static ImmutableArray<string> Joined(params ReadOnlySpan<string> modes)
    {
        const string Other = "container:";
        var joined = ImmutableArray.CreateBuilder<string>();
        foreach (var mode in modes)
        {
            if (mode.StartsWith(Other, StringComparison.Ordinal))
            {
                joined.Add(mode[Other.Length..]);
            }
        }

        return joined.ToImmutable();
    }

    private static ObservedSettings Settings(ContainerHostConfig host) => new(
        host.RestartPolicy.Name, host.RestartPolicy.MaximumRetryCount, host.Memory, host.NanoCpus, host.CpuShares, host.CpusetCpus, host.PidsLimit ?? 0);

    public static ObservedNetwork Network(NetworkDetails network) => new(network.Id, network.Name, Sorted(network.Labels));

    public static ObservedVolume Volume(VolumeDetails volume) => new(volume.Name, volume.Driver, Sorted(volume.Options), Sorted(volume.Labels));

    public static ObservedImage Image(ImageSummary image) => new(image.Id, [.. image.RepoTags], [.. image.RepoDigests]);

    /// <summary>An unknown word counts as dead, which is never taken for running.</summary>
    private static ContainerState State(string word) =>
        Enum.TryParse<ContainerState>(word, ignoreCase: true, out var state) ? state : ContainerState.Dead;

    /// <summary>The list tells health in words only: <c>Up 2 hours (healthy)</c>, <c>Up 1 second (health: starting)</c>.</summary>
    private static ContainerHealth Health(string status) =>
        status.EndsWith("(healthy)", StringComparison.Ordinal) ? ContainerHealth.Healthy
        : status.EndsWith("(unhealthy)", StringComparison.Ordinal) ? ContainerHealth.Unhealthy
        : status.EndsWith("(health: starting)", StringComparison.Ordinal) ? ContainerHealth.Starting
        : ContainerHealth.None;

    private static ImmutableSortedDictionary<string, string> Sorted(IReadOnlyDictionary<string, string> map) =>
        map.Count == 0 ? ImmutableSortedDictionary<string, string>.Empty : map.ToImmutableSortedDictionary(StringComparer.Ordinal);
}
