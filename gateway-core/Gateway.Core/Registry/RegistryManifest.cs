using System.Collections.Immutable;
using System.Text.Json;

namespace Gateway.Core.Registry;

/// <summary>
/// What is read of a manifest, an index or a configuration (OCI image-spec; Docker's image manifest V2, schema 2). Sizes
/// below zero and beyond reason count as none: they are a registry's word, used for an estimate only.
/// </summary>
internal static class RegistryManifest
{
    public const string Accepted =
        "application/vnd.oci.image.index.v1+json, application/vnd.docker.distribution.manifest.list.v2+json, "
        + "application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json";

    private const long Absurd = 1L << 40;
    private const int MostLayers = 1000;

    /// <summary>The digest that an index names for a platform; null for a manifest, or when it has none.</summary>
    public static string? ForPlatform(JsonElement root, string architecture)
    {
        foreach (var entry in Items(root, "manifests"))
        {
            if (entry.TryGetProperty("platform", out var platform) && Text(platform, "os") == "linux" && Text(platform, "architecture") == architecture)
            {
                return Text(entry, "digest");
            }
        }

        return null;
    }

    public static bool IsIndex(JsonElement root) => root.ValueKind == JsonValueKind.Object && root.TryGetProperty("manifests", out _);

    /// <summary>The digest of the configuration, and the layers' sizes; null when it is not a manifest.</summary>
    public static (string Configuration, ImmutableArray<long> Sizes)? Layers(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("config", out var configuration) || Text(configuration, "digest") is not { Length: > 0 } digest)
        {
            return null;
        }

        return (digest, [.. Items(root, "layers").Select(static layer => layer.TryGetProperty("size", out var size) && size.TryGetInt64(out var bytes) && bytes is > 0 and < Absurd ? bytes : 0)]);
    }

    /// <summary>The layers' unpacked digests, of a configuration.</summary>
    public static ImmutableArray<string> DiffIds(JsonElement configuration) =>
        configuration.ValueKind == JsonValueKind.Object && configuration.TryGetProperty("rootfs", out var rootfs) && rootfs.ValueKind == JsonValueKind.Object
        && rootfs.TryGetProperty("diff_ids", out var ids) && ids.ValueKind == JsonValueKind.Array
            ? [.. ids.EnumerateArray().Take(MostLayers).Select(static id => id.ValueKind == JsonValueKind.String ? id.GetString()! : "")]
            : [];

    private static IEnumerable<JsonElement> Items(JsonElement root, string name) =>
        root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var list) && list.ValueKind == JsonValueKind.Array
            ? list.EnumerateArray().Where(static item => item.ValueKind == JsonValueKind.Object).Take(MostLayers)
            : [];

    private static string Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
