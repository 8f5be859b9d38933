using System.Collections.Immutable;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;

namespace Gateway.Reconciliation.Plan;

/// <summary>
/// Which images are to be pulled, by each service's pull policy. A reference with a digest is always the same image: for
/// it every policy but <see cref="PullPolicy.Never"/> means "when it is not there". An image that is there is used when
/// it could not be pulled anew: a gateway without a network goes on.
/// </summary>
internal sealed class ImagePolicy(World world, ImmutableDictionary<string, DateTimeOffset> pulls, DateTimeOffset now)
{
    /// <summary>A pull this long ago still counts as one for the container to be created.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMinutes(10);

    /// <summary>What must be pulled before containers of these are made.</summary>
    public ImmutableArray<ImageReference> Needed(IEnumerable<Service> wanting) =>
        [.. wanting.Where(IsNeeded).Select(service => service.Image).DistinctBy(image => image.Pull, StringComparer.Ordinal)];

    /// <summary>Those of which no container can be made: the image is not there, and must not be pulled.</summary>
    public IEnumerable<Service> Absent(IEnumerable<Service> wanting) =>
        wanting.Where(service => IsNeverPulled(service) && !world.HasImage(service.Image.Pull));

    /// <summary>What is pulled once in each run of the supervisor, in case a tag has moved.</summary>
    public IEnumerable<ImageReference> AtStart(IEnumerable<Slot> slots) => slots
        .Where(slot => slot.Missing is null && FollowsTag(slot.Spec.Service) && !pulls.ContainsKey(slot.Spec.Service.Image.Pull))
        .Select(slot => slot.Spec.Service.Image)
        .DistinctBy(image => image.Pull, StringComparer.Ordinal);

    /// <summary>Whether a container is made from what its service's tag names now, where that matters.</summary>
    public bool IsCurrent(Service service, ObservedContainer container) =>
        !FollowsTag(service) || container.ImageId.Length == 0 || world.ImageId(service.Image.Pull) is not { } id || id == container.ImageId;

    private bool IsNeeded(Service service) => service.PullPolicy switch
    {
        _ when IsNeverPulled(service) => false,
        PullPolicy.OnCreate or PullPolicy.Always when service.Image.Digest is null =>
            !world.HasImage(service.Image.Pull) || !pulls.TryGetValue(service.Image.Pull, out var at) || now - at > Fresh,
        _ => !world.HasImage(service.Image.Pull),
    };

    private static bool IsNeverPulled(Service service) => service.PullPolicy == PullPolicy.Never || service.Image.IsId;

    private static bool FollowsTag(Service service) => service.PullPolicy == PullPolicy.Always && service.Image.Digest is null;
}
