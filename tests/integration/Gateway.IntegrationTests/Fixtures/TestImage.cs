using System.Collections.Immutable;
using System.Formats.Tar;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.IntegrationTests.Fixtures;

/// <summary>An image made of Debian's static busybox and what is said here; equal images have equal digests.</summary>
public sealed record TestImage
{
    private static readonly Lazy<byte[]> BusyboxLayer = new(MakeBusyboxLayer);

    public ImmutableArray<string> Command { get; init; } = ["sleep", "infinity"];

    public ImmutableArray<string> Entrypoint { get; init; } = [];

    public ImmutableArray<string> Environment { get; init; } = [];

    public ImmutableDictionary<string, string> Labels { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>As the Engine takes it; <see cref="Check"/> makes a quick one.</summary>
    public JsonObject? Healthcheck { get; init; }

    public string? StopSignal { get; init; }

    public string? User { get; init; }

    public ImmutableArray<string> ExposedPorts { get; init; } = [];

    public ImmutableArray<string> Volumes { get; init; } = [];

    /// <summary>Files of a second layer: path in the image → content; all are executable.</summary>
    public ImmutableSortedDictionary<string, byte[]> Files { get; init; } = ImmutableSortedDictionary.Create<string, byte[]>(StringComparer.Ordinal);

    public string Architecture { get; init; } = RuntimeInformation.ProcessArchitecture == System.Runtime.InteropServices.Architecture.Arm64 ? "arm64" : "amd64";

    /// <summary>Labels, shortly written.</summary>
    public static ImmutableDictionary<string, string> Labelled(params (string Name, string Value)[] labels) =>
        labels.ToImmutableDictionary(label => label.Name, label => label.Value);

    /// <summary>A health check of one shell line, every <paramref name="interval"/> seconds.</summary>
    public static JsonObject Check(string line, double interval = 0.5, int retries = 3) => new()
    {
        ["Test"] = new JsonArray("CMD-SHELL", line),
        ["Interval"] = (long)(interval * 1e9),
        ["Timeout"] = 5_000_000_000,
        ["Retries"] = retries,
    };

    /// <summary>The layers, uncompressed.</summary>
    public ImmutableArray<byte[]> Layers() => Files.IsEmpty ? [BusyboxLayer.Value] : [BusyboxLayer.Value, MakeFilesLayer()];

    /// <summary>The image's configuration (OCI image spec, config.md); its digest is the image's id.</summary>
    public byte[] Configuration()
    {
        var config = new JsonObject
        {
            ["Cmd"] = Strings(Command),
            ["Env"] = Strings(["PATH=/bin", .. Environment]),
            [nameof(Labels)] = new JsonObject(Labels.OrderBy(label => label.Key, StringComparer.Ordinal).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value))),
        };
        Set(config, "Entrypoint", Entrypoint.IsEmpty ? null : Strings(Entrypoint));
        Set(config, "Healthcheck", Healthcheck?.DeepClone());
        Set(config, "StopSignal", StopSignal);
        Set(config, "User", User);
        Set(config, "ExposedPorts", ExposedPorts.IsEmpty ? null : Keys(ExposedPorts));
        Set(config, "Volumes", Volumes.IsEmpty ? null : Keys(Volumes));
        var image = new JsonObject
        {
            ["architecture"] = Architecture,
            ["os"] = "linux",
            ["created"] = "2026-01-01T00:00:00Z",
            ["config"] = config,
            ["rootfs"] = new JsonObject { ["type"] = "layers", ["diff_ids"] = Strings(Layers().Select(DigestOf)) },
        };
        return Encoding.UTF8.GetBytes(image.ToJsonString());
    }

    /// <summary>The image's id as an engine with the classic image store gives it.</summary>
    public string Id() => DigestOf(Configuration());

    /// <summary>A docker archive, as <c>docker save</c> makes one.</summary>
    public byte[] Archive(string reference)
    {
        var config = Configuration();
        var configName = DigestOf(config)["sha256:".Length..] + ".json";
        var layers = Layers();
        var manifest = new JsonArray(new JsonObject
        {
            ["Config"] = configName,
            ["RepoTags"] = new JsonArray(reference),
            ["Layers"] = Strings(layers.Select((_, index) => $"layer{index}.tar")),
        });
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            Add(tar, configName, config);
            for (var i = 0; i < layers.Length; i++)
            {
                Add(tar, $"layer{i}.tar", layers[i]);
            }

            Add(tar, "manifest.json", Encoding.UTF8.GetBytes(manifest.ToJsonString()));
        }

        return archive.ToArray();
    }

    public static string DigestOf(byte[] content) => "sha256:" + Convert.ToHexStringLower(SHA256.HashData(content));

    private static byte[] MakeBusyboxLayer()
    {
        using var layer = new MemoryStream();
        using (var tar = new TarWriter(layer, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var folder in new[] { "bin/", "dev/", "etc/", "proc/", "sys/", "tmp/", "var/" })
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.Directory, folder) { Mode = (UnixFileMode)0b111_101_101, ModificationTime = DateTimeOffset.UnixEpoch });
            }

            Add(tar, "bin/busybox", File.ReadAllBytes(Busybox()));
            foreach (var applet in Applets)
            {
                tar.WriteEntry(new UstarTarEntry(TarEntryType.SymbolicLink, "bin/" + applet) { LinkName = "busybox", ModificationTime = DateTimeOffset.UnixEpoch });
            }
        }

        return layer.ToArray();
    }

    private static readonly string[] Applets =
    [
        "cat", "chmod", "cp", "date", "dd", "echo", "env", "false", "grep", "head", "hostname", "httpd", "id", "ip", "kill", "ln", "ls", "mkdir", "mv", "nc",
        "nslookup", "ping", "ps", "pwd", "rm", "sed", "seq", "sh", "sleep", "sort", "stat", "sync", "tail", "test", "touch", "tr", "true", "uname", "wc", "wget", "yes",
    ];

    private static string Busybox() =>
        new[] { "/bin/busybox", "/usr/bin/busybox" }.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("apt-get install busybox-static");

    private byte[] MakeFilesLayer()
    {
        using var layer = new MemoryStream();
        using (var tar = new TarWriter(layer, TarEntryFormat.Ustar, leaveOpen: true))
        {
            foreach (var (path, content) in Files)
            {
                Add(tar, path.TrimStart('/'), content);
            }
        }

        return layer.ToArray();
    }

    private static void Add(TarWriter tar, string name, byte[] content) => tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, name)
    {
        Mode = (UnixFileMode)0b111_101_101,
        ModificationTime = DateTimeOffset.UnixEpoch,
        DataStream = new MemoryStream(content),
    });

    private static void Set(JsonObject target, string name, JsonNode? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }
    }

    private static JsonArray Strings(IEnumerable<string> values) => new([.. values.Select(value => (JsonNode?)value)]);

    private static JsonObject Keys(IEnumerable<string> names) => new(names.Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject())));
}
