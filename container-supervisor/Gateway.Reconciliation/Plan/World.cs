using System.Collections.Frozen;
using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;
using Gateway.Reconciliation.Specs;

namespace Gateway.Reconciliation.Plan;

/// <summary>The observed state with the look-ups a plan needs.</summary>
internal sealed class World
{
    private readonly ILookup<string, ObservedContainer> byApplication;
    private readonly Dictionary<string, ObservedContainer> byName;
    private readonly FrozenSet<string> images;
    private readonly FrozenSet<string> imageIds;

    public World(ObservedState observed)
    {
        Observed = observed;
        byApplication = observed.Containers.Where(IsOurs).ToLookup(container => container.Labels[GatewayLabels.Application], StringComparer.Ordinal);
        byName = observed.Containers.GroupBy(container => container.Name, StringComparer.Ordinal).ToDictionary(group => group.Key, group => group.First(), StringComparer.Ordinal);
        images = observed.Images.SelectMany(image => image.Tags.Concat(image.Digests)).Select(Normal).ToFrozenSet(StringComparer.Ordinal);
        imageIds = observed.Images.Select(image => image.Id).ToFrozenSet(StringComparer.Ordinal);
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

    /// <summary>By reference; or by id, which is the digest of an image that was loaded from an archive.</summary>
    public bool HasImage(string reference) => images.Contains(Normal(reference)) || (Digest(reference) is { } id && imageIds.Contains(id));

    /// <summary>The id of the image that a tag names now, or null.</summary>
    public string? ImageId(string reference)
    {
        var normal = Normal(reference);
        return Observed.Images.FirstOrDefault(image => image.Tags.Any(tag => Normal(tag) == normal))?.Id;
    }

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
