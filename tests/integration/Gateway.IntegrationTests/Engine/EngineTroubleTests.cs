using System.Net.Sockets;
using Gateway.Core.Engine;
using Gateway.Core.Processes;
using Gateway.Core.Reports;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Engine;

/// <summary>An engine that is absent, hung, killed, or beside another one; with sandboxes of their own.</summary>
public sealed class EngineTroubleTests
{
    [Fact]
    public async Task No_socket_and_a_socket_nobody_listens_at_are_unavailable_and_say_where()
    {
        var path = $"/tmp/gateway-test-{Guid.NewGuid():N}.sock";
        using var docker = new DockerClient(path);
        await AssertUnavailableAsync(docker, path);

        using (var left = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            left.Bind(new UnixDomainSocketEndPoint(path));
            await AssertUnavailableAsync(docker, path);
        }

        File.Delete(path);
    }

    [Fact]
    public async Task The_version_is_agreed_on_and_info_tells_the_data_folder()
    {
        await using var sandbox = await Sandbox.StartAsync(SandboxFixture.NewDirectory());

        var version = (await sandbox.Docker.VersionAsync()).Value;
        var info = (await sandbox.Docker.InfoAsync()).Value;

        Assert.True((await sandbox.Docker.PingAsync()).IsSuccess);
        Assert.Matches(@"^\d+\.\d+", version.Version);
        Assert.Matches(@"^1\.\d+$", version.ApiVersion);
        Assert.Equal(Path.Combine(sandbox.Directory, "docker", "data"), info.DockerRootDir);
        Assert.Equal(version.Version, info.ServerVersion);
    }

    [Fact]
    public async Task A_hung_engine_is_a_time_out_and_works_again_afterwards()
    {
        await using var sandbox = await Sandbox.StartAsync(SandboxFixture.NewDirectory());
        using var docker = new DockerClient(
            sandbox.DockerSocket,
            new DockerClientOptions { PingTimeout = TimeSpan.FromSeconds(1), ReadTimeout = TimeSpan.FromSeconds(1), ChangeTimeout = TimeSpan.FromSeconds(1) });
        Assert.True((await docker.InfoAsync()).IsSuccess);

        await SignalAsync("STOP", sandbox.EnginePid);
        Assert.Equal(FailureKind.TimedOut, (await docker.PingAsync()).Failure.Kind);
        Assert.Equal(FailureKind.TimedOut, (await docker.InfoAsync()).Failure.Kind);
        Assert.Equal(FailureKind.TimedOut, (await docker.Containers.StartAsync("x")).Failure.Kind);
        using (var fresh = new DockerClient(sandbox.DockerSocket, new DockerClientOptions { ReadTimeout = TimeSpan.FromSeconds(1) }))
        {
            Assert.Equal(FailureKind.TimedOut, (await fresh.Containers.ListAsync()).Failure.Kind);
        }

        await SignalAsync("CONT", sandbox.EnginePid);
        Assert.True((await docker.PingAsync()).IsSuccess);
    }

    [Fact]
    public async Task A_killed_engine_ends_the_events_and_the_same_client_talks_to_its_successor()
    {
        await using var sandbox = await Sandbox.StartAsync(SandboxFixture.NewDirectory());
        var image = await sandbox.PushTestImageAsync("kept", new TestImage());
        Assert.True((await sandbox.Docker.Images.PullAsync(image)).IsSuccess);
        using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await using var events = sandbox.Docker.WatchAsync(new EventFilter(), cancel.Token).GetAsyncEnumerator(cancel.Token);
        var next = events.MoveNextAsync();
        await Task.Delay(300, cancel.Token);

        await SignalAsync("KILL", sandbox.EnginePid);

        Assert.True(await next);
        Assert.Equal(FailureKind.Unavailable, events.Current.Failure.Kind);
        Assert.False(await events.MoveNextAsync());
        Assert.Equal(FailureKind.Unavailable, (await sandbox.Docker.PingAsync(cancel.Token)).Failure.Kind);

        // A start on the same folder clears up what the crash left, and keeps the data.
        await Sandbox.StartAsync(sandbox.Directory);
        Assert.True((await sandbox.Docker.Images.InspectAsync(image, cancel.Token)).IsSuccess);
    }

    [Fact]
    public async Task Two_sandboxes_leave_each_other_alone_and_nothing_behind()
    {
        var first = await Sandbox.StartAsync(SandboxFixture.NewDirectory());
        var image = await first.PushTestImageAsync("side", new TestImage());
        Assert.True((await first.Docker.Images.PullAsync(image)).IsSuccess);
        await RunOnBridgeAsync(first, "before", image);

        var second = await Sandbox.StartAsync(SandboxFixture.NewDirectory());
        Assert.Contains("docker0", (await first.RunInNamespaceAsync("ip", "-brief", "link")).StandardOutput, StringComparison.Ordinal);
        await RunOnBridgeAsync(first, "during", image);
        Assert.Equal(FailureKind.NotFound, (await second.Docker.Images.InspectAsync(image)).Failure.Kind);

        await second.DisposeAsync();
        await RunOnBridgeAsync(first, "after", image);
        Assert.Equal(3, (await first.Docker.Containers.ListAsync(all: false)).Value.Length);

        await first.DisposeAsync();
        foreach (var gone in new[] { first, second })
        {
            Assert.False(Directory.Exists(gone.Directory));
            Assert.False(File.Exists($"/run/netns/{gone.Network.Name}"));
            Assert.DoesNotContain(gone.Directory, await File.ReadAllTextAsync("/proc/self/mounts"), StringComparison.Ordinal);
            var groups = await ProcessRunner.RunAsync(new ProcessRequest("find", ["/sys/fs/cgroup", "-name", gone.Network.Name]), CancellationToken.None);
            Assert.Equal("", groups.StandardOutput);
        }
    }

    private static async Task RunOnBridgeAsync(Sandbox sandbox, string name, string image)
    {
        var created = await sandbox.Docker.Containers.CreateAsync(name, new ContainerSpec
        {
            Image = image,
            Cmd = ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.1; done"],
            HostConfig = new HostConfigSpec { NetworkMode = "bridge" },
        });
        Assert.True(created.IsSuccess, string.Join("; ", created.Failures));
        var started = await sandbox.Docker.Containers.StartAsync(name);
        Assert.True(started.IsSuccess, string.Join("; ", started.Failures));
    }

    private static async Task AssertUnavailableAsync(DockerClient docker, string path)
    {
        foreach (var failure in new[] { (await docker.PingAsync()).Failure, (await docker.InfoAsync()).Failure, (await docker.Containers.StopAsync("x")).Failure })
        {
            Assert.Equal(FailureKind.Unavailable, failure.Kind);
            Assert.True(failure.Retryable);
            Assert.Contains(path, failure.Message, StringComparison.Ordinal);
        }
    }

    private static Task SignalAsync(string signal, int pid) =>
        ProcessRunner.RunAsync(new ProcessRequest("kill", ["-s", signal, pid.ToString(System.Globalization.CultureInfo.InvariantCulture)]), CancellationToken.None);
}
