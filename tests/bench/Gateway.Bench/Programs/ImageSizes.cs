using System.Formats.Tar;
using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Gateway.Bench.Programs;

/// <summary>What the supervisor's image weighs, and what the next version of it does for a gateway that has this one.</summary>
internal static class ImageSizes
{
    private const string NextVersion = "999.0.0";

    public static IEnumerable<(string Key, string Label, double Value, string Unit)> Of(string work)
    {
        var next = Path.Combine(work, "next");
        // Another time of building, too: what did not change must not be brought again for that.
        Shell.Run("/usr/bin/env", $"VERSION={NextVersion}", "SOURCE_DATE_EPOCH=1893456000", Path.Combine(Paths.Repository, "packaging/image/build.sh"), "amd64", next);
        var (now, later) = (Layers(Paths.Image), Layers(Path.Combine(next, "container-supervisor.tar")));
        const double Mib = 1024d * 1024;
        yield return ("image_mib", "supervisor's image, unpacked", now.Values.Sum(layer => layer.Unpacked) / Mib, "MiB");
        yield return ("image_compressed_mib", "supervisor's image, to download", now.Values.Sum(layer => layer.Packed) / Mib, "MiB");
        yield return ("delta_mib", "next version, to download", later.Where(layer => !now.ContainsKey(layer.Key)).Sum(layer => layer.Value.Packed) / Mib, "MiB");
    }

    /// <summary>Sizes by layer, as in the archive and compressed as for a registry.</summary>
    private static Dictionary<string, (long Unpacked, long Packed)> Layers(string archive)
    {
        var layers = new Dictionary<string, (long, long)>(StringComparer.Ordinal);
        using var file = File.OpenRead(archive);
        using var tar = new TarReader(file);
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (tar.GetNextEntry() is { } entry)
        {
            if (entry.Name.EndsWith("manifest.json", StringComparison.Ordinal))
            {
                names = [.. JsonNode.Parse(entry.DataStream!)![0]!["Layers"]!.AsArray().Select(name => (string)name!)];
            }
            else if (entry is { DataStream: { } content } && entry.Name.EndsWith("/layer.tar", StringComparison.Ordinal))
            {
                layers[entry.Name.TrimStart('.', '/')] = (entry.Length, Packed(content));
            }
        }

        return layers.Where(layer => names.Contains(layer.Key)).ToDictionary(StringComparer.Ordinal);
    }

    private static long Packed(Stream content)
    {
        using var packed = new CountingStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            content.CopyTo(gzip);
        }

        return packed.Length;
    }

    /// <summary>Counts what is written to it.</summary>
    private sealed class CountingStream : Stream
    {
        private long length;

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => length;

        public override long Position { get => length; set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => length += count;

        public override void Write(ReadOnlySpan<byte> buffer) => length += buffer.Length;
    }
}
