namespace Gateway.Core.Bundles;

/// <summary>What a bundle may cost.</summary>
/// <param name="Bytes">Of the archive, and of its content unpacked.</param>
/// <param name="Entries">Files and folders.</param>
/// <param name="Depth">Of folders.</param>
public sealed record BundleLimits(long Bytes, int Entries, int Depth)
{
    /// <summary>2 GiB, 20,000 entries, 20 folders deep.</summary>
    public static BundleLimits Default { get; } = new(2L * 1024 * 1024 * 1024, 20_000, 20);
}
