using System.Collections.Immutable;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>An image as a registry holds it: its manifest, and the blobs the manifest names, by digest.</summary>
public sealed record PackedImage(byte[] Manifest, ImmutableDictionary<string, byte[]> Blobs)
{
    public const string ManifestType = "application/vnd.docker.distribution.manifest.v2+json";

    /// <summary>The digest of the manifest: what a pull by digest names.</summary>
    public string Digest { get; } = TestImage.DigestOf(Manifest);

    /// <summary>The digest of the last layer.</summary>
    public required string LastLayer { get; init; }

    public static PackedImage Of(TestImage image) => Of(image.Configuration(), image.Layers());

    /// <summary>The only image of a docker archive, such as <c>make image</c> makes.</summary>
    /// <param name="file">The archive.</param>
    /// <param name="edit">What is changed in the image's configuration; null for nothing.</param>
    public static PackedImage OfArchive(string file, Action<JsonNode>? edit = null)
    {
        var files = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        using (var archive = new TarReader(File.OpenRead(file)))
        {
            while (archive.GetNextEntry() is { } entry)
            {
                if (entry.DataStream is { } stream)
                {
                    using var content = new MemoryStream();
                    stream.CopyTo(content);
                    files[entry.Name.StartsWith("./", StringComparison.Ordinal) ? entry.Name[2..] : entry.Name] = content.ToArray();
                }
            }
        }

        var only = JsonNode.Parse(files["manifest.json"])![0]!;
        var config = JsonNode.Parse(files[(string)only["Config"]!])!;
        edit?.Invoke(config);
        return Of(edit is null ? files[(string)only["Config"]!] : Encoding.UTF8.GetBytes(config.ToJsonString()), only["Layers"]!.AsArray().Select(layer => files[(string)layer!]));
    }

    private static PackedImage Of(byte[] config, IEnumerable<byte[]> uncompressed)
    {
        var layers = uncompressed.Select(Pack).ToList();
        var manifest = new JsonObject
        {
            ["schemaVersion"] = 2,
            ["mediaType"] = ManifestType,
            ["config"] = Described("application/vnd.docker.container.image.v1+json", config),
            ["layers"] = new JsonArray([.. layers.Select(layer => (JsonNode?)Described("application/vnd.docker.image.rootfs.diff.tar.gzip", layer))]),
        };
        return new PackedImage(Encoding.UTF8.GetBytes(manifest.ToJsonString()), layers.Append(config).ToImmutableDictionary(TestImage.DigestOf, blob => blob))
        {
            LastLayer = TestImage.DigestOf(layers[^1]),
        };
    }

    private static byte[] Pack(byte[] layer)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(layer);
        }

        return packed.ToArray();
    }

    private static JsonObject Described(string type, byte[] content) => new()
    {
        ["mediaType"] = type,
        ["size"] = content.Length,
        ["digest"] = TestImage.DigestOf(content),
    };
}
