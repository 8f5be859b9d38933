using System.Collections.Immutable;
using Gateway.Core.Registry;
using Gateway.Core.State;

namespace Gateway.ContainerSupervisor.Execute;

/// <summary>
/// How much of the disk a pull may need. The engine keeps a layer's compressed bytes until it is unpacked, so both are
/// there at once; nobody tells the unpacked size beforehand, and <see cref="Unpacked"/> times the compressed one is more
/// than images of programs and libraries come to.
/// </summary>
/// <param name="Download">Bytes to download: the layers that are not there.</param>
internal sealed record SpaceNeed(long Download)
{
    private const int Unpacked = 3;
    private const long MostReserve = 256 * Bytes.Mebi;
    private const int ReserveShare = 20;

    /// <summary>Bytes compressed and unpacked.</summary>
    public long Total => Download * (1 + Unpacked);

    /// <summary>
    /// What is left over for going back and for everything else on the gateway: a twentieth of the disk, at most 256 MiB.
    /// A pull must leave it free.
    /// </summary>
    public static long Reserve(DiskSpace disk) => Math.Min(MostReserve, disk.Total / ReserveShare);

    /// <summary>
    /// Of an image whose layers, lowest first, are these; an engine shares a layer with another image only when all layers
    /// below it are the same.
    /// </summary>
    public static SpaceNeed Of(ImmutableArray<ImageLayer> image, IEnumerable<IReadOnlyList<string>> present)
    {
        var shared = present.Select(layers => Shared(image, layers)).DefaultIfEmpty(0).Max();
        return new SpaceNeed(image.Skip(shared).Sum(static layer => layer.Size));
    }

    private static int Shared(ImmutableArray<ImageLayer> image, IReadOnlyList<string> present)
    {
        var i = 0;
        while (i < image.Length && i < present.Count && image[i].DiffId == present[i])
        {
            i++;
        }

        return i;
    }
}
