namespace Gateway.Core.Bundles;

/// <summary>A bundle as it came: a tar archive, perhaps compressed with gzip, in a file that nobody else can write.</summary>
/// <param name="Name">What messages call it.</param>
/// <param name="Path">Where it lies on this machine.</param>
public sealed record BundleArchive(string Name, string Path)
{
    /// <summary>The playbook at the root of every bundle.</summary>
    public const string PlaybookName = "playbook.yml";

    /// <summary>Whether a file or address is a bundle's, by its name.</summary>
    public static bool IsNamed(string name) =>
        name.EndsWith(".tar", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".tar.gz", StringComparison.OrdinalIgnoreCase) || name.EndsWith(".tgz", StringComparison.OrdinalIgnoreCase);
}
