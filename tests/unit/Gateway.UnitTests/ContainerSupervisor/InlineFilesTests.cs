using System.Net.Sockets;
using System.Text;
using Gateway.ContainerSupervisor.Execute;
using Gateway.Core.Engine;
using Gateway.Reconciliation.Specs;
using Gateway.UnitTests.Reconciliation;
using ContainerSpec = Gateway.Reconciliation.Specs.ContainerSpec;

namespace Gateway.UnitTests.ContainerSupervisor;

public sealed class InlineFilesTests : IDisposable
{
    private const UnixFileMode RootOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("gw-files-");
    private readonly DockerClient docker;
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly InlineFiles files;
    private string[] used = [];
    private Action listed = static () => { };

    public InlineFilesTests()
    {
        var path = Path.Combine(folder.FullName, "engine.sock");
        socket.Bind(new UnixDomainSocketEndPoint(path));
        socket.Listen();
        _ = Task.Run(ServeAsync);
        docker = new DockerClient(path);
        files = new InlineFiles(Path.Combine(folder.FullName, "files"), docker, Serilog.Core.Logger.None);
    }

    public void Dispose()
    {
        socket.Dispose();
        docker.Dispose();
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Files_have_their_content_and_mode_and_lie_where_only_root_can_go()
    {
        var spec = Spec("one");

        Assert.True(files.Write(spec).IsSuccess);

        var path = spec.Files[0].Path;
        Assert.Equal("one", File.ReadAllText(path));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead, File.GetUnixFileMode(path));
        for (var above = Path.GetDirectoryName(path)!; above != folder.FullName; above = Path.GetDirectoryName(above)!)
        {
            Assert.Equal(RootOnly, File.GetUnixFileMode(above));
        }
    }

    [Fact]
    public async Task What_no_container_refers_to_goes_and_the_rest_stays()
    {
        var (old, kept, making) = (Spec("old"), Spec("kept"), Spec("making"));
        foreach (var spec in new[] { old, kept })
        {
            files.Write(spec);
            files.Release(spec);
        }

        files.Write(making);
        used = [kept.Files[0].Identity];
        await files.CleanAsync(CancellationToken.None);

        Assert.Equal([false, true, true], new[] { old, kept, making }.Select(spec => File.Exists(spec.Files[0].Path)));

        files.Release(making);
        used = [];
        await files.CleanAsync(CancellationToken.None);
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(folder.FullName, "files")));
    }

    [Fact]
    public async Task A_container_made_while_the_list_is_read_keeps_its_files()
    {
        var (before, during) = (Spec("before"), Spec("during"));
        files.Write(before);
        listed = () =>
        {
            files.Release(before);
            files.Write(during);
            files.Release(during);
        };

        await files.CleanAsync(CancellationToken.None);

        Assert.True(File.Exists(before.Files[0].Path));
        Assert.True(File.Exists(during.Files[0].Path));
    }

    [Fact]
    public async Task Nothing_goes_while_the_engine_does_not_answer()
    {
        var spec = Spec("one");
        files.Write(spec);
        files.Release(spec);
        socket.Dispose();

        await files.CleanAsync(CancellationToken.None);

        Assert.True(File.Exists(spec.Files[0].Path));
    }

    private ContainerSpec Spec(string content)
    {
        var application = Given.App("secrets: [{source: key, mode: 0440}]", $"secrets: {{key: {{content: {content}}}}}");
        return ContainerSpecBuilder.Build(application, application["web"]!, Given.NoDevices, HostFolders.Of(folder.FullName, "/run"));
    }

    /// <summary>An engine that knows of containers with these files and of nothing else.</summary>
    private async Task ServeAsync()
    {
        while (true)
        {
            using var client = await socket.AcceptAsync();
            var buffer = new byte[8192];
            var request = Encoding.ASCII.GetString(buffer, 0, await client.ReceiveAsync(buffer));
            var isList = request.Contains("/containers/json", StringComparison.Ordinal);
            var list = string.Join(',', used.Select(file => $$"""{"Id":"{{file}}","Labels":{"io.gateway.files":"{{file}}"} }"""));
            var body = isList ? $"[{list}]" : """{"ApiVersion":"1.41","MinAPIVersion":"1.12","Version":"20.10"}""";
            if (isList)
            {
                listed();
            }

            await client.SendAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nApi-Version: 1.41\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\nConnection: close\r\n\r\n{body}"));
        }
    }
}
