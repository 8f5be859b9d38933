using System.Collections.Concurrent;
using System.Collections.Immutable;
using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Specs;

namespace Gateway.ContainerSupervisor.Observe;

/// <summary>
/// Looks at the engine: one list of containers, and only what events say has changed since the last look: the lists of
/// networks, volumes and images, and inspections of containers of ours. Without a live stream of events nothing is kept.
/// </summary>
internal sealed class EngineObserver(DockerClient docker)
{
    private const int InspectionsAtOnce = 8;

    /// <summary>However well events work, everything is asked anew this often.</summary>
    private static readonly TimeSpan Trust = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, Kept<ContainerDetails>> inspected = new(StringComparer.Ordinal);

    private readonly Kept<ImmutableArray<ObservedNetwork>> networks = new(async cancel =>
        (await docker.Networks.ListAsync(cancel: cancel)).Then<ImmutableArray<ObservedNetwork>>(static list => list.Select(ObservedMapping.Network).ToImmutableArray()));

    private readonly Kept<ImmutableArray<ObservedVolume>> volumes = new(async cancel =>
        (await docker.Volumes.ListAsync(cancel: cancel)).Then<ImmutableArray<ObservedVolume>>(static list => list.Select(ObservedMapping.Volume).ToImmutableArray()));

    private readonly Kept<ImmutableArray<ObservedImage>> images = new(async cancel =>
        (await docker.Images.ListAsync(cancel: cancel)).Then<ImmutableArray<ObservedImage>>(static list => list.Select(ObservedMapping.Image).ToImmutableArray()));

    private volatile bool live;
    private long trustedUntil;

    /// <summary>How many requests the engine has had from us.</summary>
    public long Calls => docker.Calls;

    /// <summary>Whether a stream of events tells of every change. Either way, what was known before is forgotten.</summary>
    public void Follow(bool events)
    {
        live = events;
        ForgetAll();
    }

    /// <summary>Something happened to a <c>container</c>, <c>network</c>, <c>volume</c> or <c>image</c>.</summary>
    public void Forget(string type, string id)
    {
        switch (type)
        {
            case "container":
                if (inspected.TryGetValue(id, out var details))
                {
                    details.Forget();
                }

                break;
            case "network":
                networks.Forget();
                break;
            case "volume":
                volumes.Forget();
                break;
            case "image":
                images.Forget();
                break;
        }
    }

    /// <summary>The engine as it is now.</summary>
    /// <param name="desired">Whose devices are looked for; may be null.</param>
    /// <param name="busy">Applications being worked on: their containers are listed but not inspected, which would wait for the work.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<Result<ObservedState>> ObserveAsync(DesiredState? desired, IReadOnlySet<string> busy, CancellationToken cancellation)
    {
        if (Environment.TickCount64 >= Interlocked.Read(ref trustedUntil))
        {
            ForgetAll();
        }

        var keep = live;
        var listing = docker.Containers.ListAsync(cancel: cancellation);
        var onNetworks = networks.GetAsync(keep, cancellation);
        var onVolumes = volumes.GetAsync(keep, cancellation);
        var onImages = images.GetAsync(keep, cancellation);
        await Task.WhenAll(listing, onNetworks, onVolumes, onImages);
        var listed = await listing;
        ImmutableArray<Failure> wrong = [.. listed.Failures, .. (await onNetworks).Failures, .. (await onVolumes).Failures, .. (await onImages).Failures];
        if (!wrong.IsEmpty)
        {
            return wrong;
        }

        var details = await InspectAsync(listed.Value, busy, keep, cancellation);
        return new ObservedState(
            [.. listed.Value.Select(container => ObservedMapping.Container(container, details.GetValueOrDefault(container.Id)))],
            (await onNetworks).Value,
            (await onVolumes).Value,
            (await onImages).Value,
            Devices(desired));
    }

    /// <summary>For each device of a desired state: the path of the first alternative that exists, or null.</summary>
    public static ImmutableDictionary<string, string?> Devices(DesiredState? desired)
    {
        var devices = ImmutableDictionary.CreateBuilder<string, string?>(StringComparer.Ordinal);
        foreach (var device in desired?.Applications.SelectMany(application => application.Services).SelectMany(service => service.Devices) ?? [])
        {
            devices[device.Source] = DeviceFinder.Find(device);
        }

        return devices.ToImmutable();
    }

    private async Task<ConcurrentDictionary<string, ContainerDetails>> InspectAsync(
        ImmutableArray<ContainerSummary> listed, IReadOnlySet<string> busy, bool keep, CancellationToken cancellation)
    {
        var ours = listed.Where(static container => container.Labels.ContainsKey(GatewayLabels.Application)).ToDictionary(container => container.Id, StringComparer.Ordinal);
        foreach (var gone in inspected.Keys.Where(id => !ours.ContainsKey(id)))
        {
            inspected.TryRemove(gone, out _);
        }

        var details = new ConcurrentDictionary<string, ContainerDetails>(StringComparer.Ordinal);
        var unknown = new List<string>();
        foreach (var container in ours.Values)
        {
            if (inspected.TryGetValue(container.Id, out var known) && known.TryPeek(out var value) && value.State.Status == container.State)
            {
                details[container.Id] = value;
            }
            else if (!busy.Contains(container.Labels[GatewayLabels.Application]))
            {
                known?.Forget();
                unknown.Add(container.Id);
            }
        }

        var options = new ParallelOptions { MaxDegreeOfParallelism = InspectionsAtOnce, CancellationToken = cancellation };
        await Parallel.ForEachAsync(unknown, options, async (id, cancel) =>
        {
            var asked = inspected.GetOrAdd(id, id => new Kept<ContainerDetails>(cancel => docker.Containers.InspectAsync(id, cancel)));
            // One that has gone meanwhile simply stays without details.
            if ((await asked.GetAsync(keep, cancel)).TryGet(out var answer, out _))
            {
                details[id] = answer;
            }
        });
        return details;
    }

    private void ForgetAll()
    {
        Interlocked.Exchange(ref trustedUntil, Environment.TickCount64 + (long)Trust.TotalMilliseconds);
        networks.Forget();
        volumes.Forget();
        images.Forget();
        inspected.Clear();
    }
}
