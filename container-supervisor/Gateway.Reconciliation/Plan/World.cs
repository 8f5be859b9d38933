using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Plan;

/// <summary>The observed state with the look-ups a plan needs.</summary>
internal sealed class World
{
    private readonly ILookup<string, ObservedContainer> byApplication;
    private readonly Dictionary<string, ObservedContainer> byName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ObservedNetwork> networks = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ObservedVolume> volumes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> images = new(StringComparer.Ordinal);
    private readonly HashSet<string> imageIds;

    public World(ObservedState observed)
    {
        Observed = observed;
        byApplication = observed.Containers.Where(IsOurs).ToLookup(container => container.Labels[GatewayLabels.Application], StringComparer.Ordinal);
        foreach (var container in observed.Containers)
        {
            byName.TryAdd(container.Name, container);
        }

        foreach (var network in observed.Networks)
        {
            networks.TryAdd(network.Name, network);
        }

        foreach (var volume in observed.Volumes)
        {
            volumes.TryAdd(volume.Name, volume);
        }

        imageIds = observed.Images.Select(image => image.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var image in observed.Images)
        {
            foreach (var reference in image.Tags.Concat(image.Digests))
            {
                images.TryAdd(Normal(reference), image.Id);
            }
        }
    }

    public ObservedState Observed { get; }

    /// <summary>Names of all applications that something of is there.</summary>
    public IEnumerable<string> Applications =>
        byApplication.Select(group => group.Key)
            .Concat(Observed.Networks.Select(network => network.Labels.GetValueOrDefault(GatewayLabels.Application)).OfType<string>())
            .Distinct(StringComparer.Ordinal);

    /// <summary>Ours: labelled with an application, and not the supervisor itself. Everything else is foreign.</summary>
    public static bool IsOurs(ObservedContainer container) =>
        container.Labels.ContainsKey(GatewayLabels.Application) && container.Labels.GetValueOrDefault(GatewayLabels.Role) != GatewayLabels.Supervisor;

    public ImmutableArray<ObservedContainer> Of(string application) => [.. byApplication[application].OrderBy(container => container.Name, StringComparer.Ordinal)];

    public ObservedContainer? Named(string name) => byName.GetValueOrDefault(name);

    public ObservedNetwork? Network(string name) => networks.GetValueOrDefault(name);

    public ObservedVolume? Volume(string name) => volumes.GetValueOrDefault(name);

    /// <summary>By reference; or by id, which is the digest of an image that was loaded from an archive.</summary>
    public bool HasImage(string reference) => images.ContainsKey(Normal(reference)) || (Digest(reference) is { } id && imageIds.Contains(id));

    /// <summary>The id of the image that a reference names now, or null.</summary>
    public string? ImageId(string reference) => images.GetValueOrDefault(Normal(reference));

    /// <summary>Networks of an application that nothing but its own containers is on.</summary>
    public IEnumerable<ObservedNetwork> NetworksOf(string application) => Observed.Networks
        .Where(network => network.Labels.GetValueOrDefault(GatewayLabels.Application) == application)
        .Where(network => Observed.Containers.All(container =>
            !container.Networks.Contains(network.Name) || (IsOurs(container) && container.Labels[GatewayLabels.Application] == application)));

    public static string Service(ObservedContainer container) => container.Labels.GetValueOrDefault(GatewayLabels.Service, "");

    public static string Hash(ObservedContainer container) => container.Labels.GetValueOrDefault(GatewayLabels.Config, "");

    /// <summary>Short names of Docker Hub written out, so that both spellings are one.</summary>
    public static string Normal(string reference) => ImageReference.TryParse(reference, out var image) ? image.Pull : reference;

    /// <summary>A reference's digest, or null.</summary>
    public static string? Digest(string reference) => ImageReference.TryParse(reference, out var image) ? image.Digest : null;
}
