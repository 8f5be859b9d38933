using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Observed;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>How the engine is told of an image.</summary>
internal static class ImageNames
{
    /// <summary>
    /// The id of an image that was loaded from an archive, for a reference whose digest is that id: the engine knows no
    /// digest of it. Null when the reference itself will do.
    /// </summary>
    public static string? LoadedId(ImageReference image, ObservedState observed) =>
        image.Digest is { } digest
        && observed.Images.Any(there => there.Id == digest)
        && !observed.Images.Any(there => there.Digests.Any(name => name.EndsWith("@" + digest, StringComparison.Ordinal)))
            ? digest
            : null;
}
