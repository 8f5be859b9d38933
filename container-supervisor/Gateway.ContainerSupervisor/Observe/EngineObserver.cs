using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Specs;

namespace Gateway.ContainerSupervisor.Observe;

/// <summary>
/// Looks at the engine: four lists side by side, and an inspection of each container of ours that is not known yet or
/// to which something has happened since.
/// </summary>
internal sealed class EngineObserver(DockerClient docker)
{
    private const int InspectionsAtOnce = 8;

    private readonly ConcurrentDictionary<string, ContainerDetails> inspected = new(StringComparer.Ordinal);

    /// <summary>Something happened to this container; null: to any, for all we know.</summary>
    public void Forget(string? container)
    {
        if (container is null)
        {
            inspected.Clear();
        }
        else
        {
            inspected.TryRemove(container, out _);
        }
    }

    /// <summary>The engine as it is now.</summary>
    /// <param name="desired">Whose devices are looked for; may be null.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Result<ObservedState>> ObserveAsync(DesiredState? desired, CancellationToken cancellation)
    {
        var containers = docker.Containers.ListAsync(cancel: cancellation);
        var networks = docker.Networks.ListAsync(cancel: cancellation);
        var volumes = docker.Volumes.ListAsync(cancel: cancellation);
        var images = docker.Images.ListAsync(cancel: cancellation);
        await Task.WhenAll(containers, networks, volumes, images);
        var listed = await containers;
        ImmutableArray<Failure> wrong = [.. listed.Failures, .. (await networks).Failures, .. (await volumes).Failures, .. (await images).Failures];
        if (!wrong.IsEmpty)
        {
            return wrong;
        }

        await InspectAsync(listed.Value, cancellation);
        return new ObservedState(
            [.. listed.Value.Select(container => ObservedMapping.Container(container, inspected.GetValueOrDefault(container.Id)))],
            [.. (await networks).Value.Select(ObservedMapping.Network)],
            [.. (await volumes).Value.Select(ObservedMapping.Volume)],
            [.. (await images).Value.Select(ObservedMapping.Image)],
            Devices(desired));
    }

    private async Task InspectAsync(ImmutableArray<ContainerSummary> listed, CancellationToken cancellation)
    {
        var ours = listed.Where(static container => container.Labels.ContainsKey(GatewayLabels.Application)).ToDictionary(container => container.Id, StringComparer.Ordinal);
        foreach (var gone in inspected.Keys.Where(id => !ours.ContainsKey(id)))
        {
            inspected.TryRemove(gone, out _);
        }

        var stale = ours.Values.Where(container => !inspected.TryGetValue(container.Id, out var known) || known.State.Status != container.State).Select(container => container.Id);
        var options = new ParallelOptions { MaxDegreeOfParallelism = InspectionsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(stale, options, async (id, cancel) =>
        {
            // One that has gone meanwhile simply stays without details.
            if ((await docker.Containers.InspectAsync(id, cancel)).TryGet(out var details, out _))
            {
                inspected[id] = details;
            }
            else
            {
                inspected.TryRemove(id, out _);
            }
        });
    }

    private static ImmutableDictionary<string, string?> Devices(DesiredState? desired)
    {
        var devices = ImmutableDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        foreach (var device in desired?.Applications.SelectMany(application => application.Services).SelectMany(service => service.Devices) ?? [])
        {
            devices[device.Source] = DeviceFinder.Find(device);
        }

        return devices.ToImmutable();
    }
}
