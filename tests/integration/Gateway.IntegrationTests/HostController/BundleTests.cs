using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using Gateway.Core.Bundles;
using Gateway.IntegrationTests.Fixtures;
using Play = Gateway.IntegrationTests.HostController.GatewayUnderTest;

namespace Gateway.IntegrationTests.HostController;

/// <summary>Bundles on a web server, with the shipped program: fetched in pieces, verified whole, unpacked in private, applied; hostile ones leave nothing.</summary>
public sealed class BundleTests : IDisposable
{
    private readonly DirectoryInfo place = Directory.CreateTempSubdirectory("bundles-");

    public void Dispose() => place.Delete(recursive: true);

    [Fact]
    public async Task A_bundle_brings_its_files_roles_and_templates_and_is_not_sent_twice()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync(url: "base.tar.gz");
        await PublishAsync(gateway, "base.tar.gz", Bundle(1, "one"));
        await gateway.CycleAsync(0);
        Assert.Equal(("one", "from a role", "hello gw-1\n"), (gateway.Target, await ReadAsync(gateway, "role"), await ReadAsync(gateway, "template")));

        var content = Directory.GetDirectories(gateway.At("var/lib/gateway/host-controller/bundles")).Single();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(content));

        await gateway.CycleAsync(0);
        Assert.Equal([200, 304], gateway.Server.Requests.Where(request => request.Path == "/base.tar.gz").Select(request => request.Status));
    }

    [Fact]
    public async Task A_download_that_is_cut_goes_on_where_it_stopped_if_the_server_still_has_the_same()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync(url: "base.tar");
        await PublishAsync(gateway, "base.tar", Bundle(1, "one", padding: 300_000));
        gateway.Server.Fail("base.tar", new HttpFault.Truncate(100_000), 1);
        await gateway.CycleAsync(0);
        var asked = gateway.Server.Requests.Where(request => request.Path == "/base.tar").ToList();
        Assert.Equal([200, 206], asked.Select(request => request.Status));
        Assert.StartsWith("bytes=", asked[1].Headers["Range"], StringComparison.Ordinal);
        Assert.NotEmpty(asked[1].Headers["If-Range"]);
        Assert.Equal("one", gateway.Target);
    }

    [Fact]
    public async Task A_download_that_is_cut_begins_anew_if_the_server_has_another_by_now()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync(url: "base.tar");
        await PublishAsync(gateway, "base.tar", Bundle(1, "one", padding: 300_000));
        gateway.Server.Fail("base.tar", new HttpFault.Truncate(100_000)).Fail("base.tar.asc", new HttpFault.Status(403));
        await gateway.CycleAsync(5);
        gateway.Server.Heal();
        await PublishAsync(gateway, "base.tar", Bundle(2, "two", padding: 300_000));
        await gateway.CycleAsync(0);
        Assert.Equal("two", gateway.Target);
    }

    [Fact]
    public async Task A_bundle_that_is_not_the_one_signed_is_refused_before_it_is_unpacked()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync(url: "base.tar");
        await PublishAsync(gateway, "base.tar", Bundle(1, "one"));
        gateway.Server.Put("base.tar", Bundle(1, "evil"));
        await gateway.CycleAsync(3);
        Assert.Null(gateway.Target);
        Assert.Empty(Left(gateway));
    }

    public static TheoryData<string, string> Hostile { get; } = new()
    {
        { "up", "only plain relative names" },
        { "absolute", "only plain relative names" },
        { "link", "which is a link" },
        { "hard link", "which is a link" },
        { "device", "which is a device" },
        { "twice", "twice" },
        { "bomb", "larger than" },
        { "cut", "no whole tar archive" },
        { "garbage", "no whole tar archive" },
        { "bare", "no playbook.yml" },
    };

    [Theory]
    [MemberData(nameof(Hostile))]
    public async Task A_hostile_archive_is_refused_though_it_is_signed_and_leaves_nothing(string what, string why)
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync(url: "base.tar.gz");
        await PublishAsync(gateway, "base.tar.gz", Bundle(1, "one"));
        await gateway.CycleAsync(0);
        var before = Tree(gateway);
        await PublishAsync(gateway, "base.tar.gz", Make(what));
        Assert.Contains(why, await gateway.CycleAsync(4), StringComparison.Ordinal);
        Assert.Equal(before, Tree(gateway));
        Assert.Equal("one", gateway.Target);
        Assert.False(File.Exists(gateway.At("var/lib/gateway/host-controller/evil")) || File.Exists("/tmp/gateway-evil"));
    }

    [Fact]
    public async Task The_desired_state_of_a_bundle_goes_to_where_the_supervisor_looks()
    {
        await using var gateway = await Play.CreateAsync();
        await gateway.ConfigureAsync(url: "base.tar");
        await File.WriteAllTextAsync(gateway.At("etc/gateway/supervisor.yaml"), "gateway_id: gw-1\ndesired_state: /target/desired-state.yaml\n");
        const string Desired = "release: {serial: 1, expires: 2099-01-01T00:00:00Z, targets: [all]}\napplications: {}\n";
        var signature = await gateway.Operator.SignAsync(Encoding.UTF8.GetBytes(Desired), gateway.Key);
        await PublishAsync(gateway, "base.tar", Bundle(1, "one", more: folder =>
        {
            File.WriteAllText(Path.Combine(folder, "desired-state.yaml"), Desired);
            File.WriteAllBytes(Path.Combine(folder, "desired-state.yaml.asc"), signature);
        }));
        await gateway.CycleAsync(0);
        Assert.Equal((Desired, Encoding.ASCII.GetString(signature)), (await ReadAsync(gateway, "desired-state.yaml"), await ReadAsync(gateway, "desired-state.yaml.asc")));
    }

    private static async Task PublishAsync(GatewayUnderTest gateway, string path, byte[] bundle) =>
        gateway.Server.Put(path, bundle).Put(path + ".asc", await gateway.Operator.SignAsync(bundle, gateway.Key));

    private static Task<string> ReadAsync(GatewayUnderTest gateway, string name) => File.ReadAllTextAsync(gateway.At($"target/{name}"));

    private static IEnumerable<string> Left(GatewayUnderTest gateway) =>
        gateway.At("var/lib/gateway/host-controller/bundles") is var folder && Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder) : [];

    private static string Tree(GatewayUnderTest gateway) => string.Join('\n', Directory.GetFileSystemEntries(gateway.Root, "*", SearchOption.AllDirectories)
        .Where(path => path.Contains("/bundles/", StringComparison.Ordinal) || path.Contains("/target/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));

    private byte[] Bundle(long serial, string word, int padding = 0, Action<string>? more = null)
    {
        var folder = place.CreateSubdirectory(Path.GetRandomFileName()).FullName;
        void Put(string name, string text)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, name))!);
            File.WriteAllText(Path.Combine(folder, name), text);
        }

        Put("playbook.yml", Play.Playbook(serial, "x").Replace("copy: {dest: /target/file, content: \"x\"}", "copy: {dest: /target/file, src: word}", StringComparison.Ordinal)
            + "    - import_role: {name: base}\n    - template: {src: hello.j2, dest: /target/template}\n      vars: {who: gw-1}\n");
        Put("files/word", word);
        Put("templates/hello.j2", "hello {{ who }}\n");
        Put("roles/base/tasks/main.yml", "- copy: {dest: /target/role, content: from a role}\n");
        Put("files/padding", Convert.ToBase64String(System.Security.Cryptography.RandomNumberGenerator.GetBytes(padding)));
        more?.Invoke(folder);
        return BundleWriter.Write(folder, isCompressed: padding == 0, BundleLimits.Default).Value;
    }

    private byte[] Make(string what)
    {
        if (what is "cut" or "garbage")
        {
            return what == "cut" ? Bundle(2, "two", padding: 10_000)[..8_000] : [.. Enumerable.Repeat((byte)'x', 5000)];
        }

        using var buffer = new MemoryStream();
        using (var zip = new GZipStream(buffer, CompressionLevel.SmallestSize, leaveOpen: true))
        using (var tar = new TarWriter(zip, TarEntryFormat.Pax))
        {
            Add(tar, what == "bare" ? "files/playbook.yml" : "playbook.yml", Play.Playbook(2, "evil"));

            Spoil(tar, what);
        }

        return buffer.ToArray();
    }

    private static void Spoil(TarWriter tar, string what)
    {
        switch (what)
        {
            case "up":
                Add(tar, "../../evil", "x");
                break;
            case "absolute":
                Add(tar, "/tmp/gateway-evil", "x");
                break;
            case "link":
                tar.WriteEntry(new PaxTarEntry(TarEntryType.SymbolicLink, "files") { LinkName = "/target" });
                Add(tar, "files/evil", "x");
                break;
            case "hard link":
                tar.WriteEntry(new PaxTarEntry(TarEntryType.HardLink, "files/x") { LinkName = "/etc/passwd" });
                break;
            case "device":
                tar.WriteEntry(new PaxTarEntry(TarEntryType.CharacterDevice, "files/x"));
                break;
            case "twice":
                Add(tar, "playbook.yml", "x");
                break;
            case "bomb":
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, "files/bomb") { DataStream = new Zeros(3L * 1024 * 1024 * 1024) });
                break;
        }
    }

    private static void Add(TarWriter tar, string name, string text) => tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, name) { DataStream = new MemoryStream(Encoding.UTF8.GetBytes(text)) });

    /// <summary>Very many zeros, which compress to nearly nothing.</summary>
    private sealed class Zeros(long length) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => true;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get; set; }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            var read = (int)Math.Min(count, length - Position);
            Array.Clear(buffer, offset, read);
            Position += read;
            return read;
        }

        public override long Seek(long offset, SeekOrigin origin) => Position = offset;

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
