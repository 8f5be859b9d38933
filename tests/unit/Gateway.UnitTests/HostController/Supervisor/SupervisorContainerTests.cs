using System.Collections.Immutable;
using Gateway.HostController;
using Gateway.HostController.Configuration;
using Gateway.HostController.Supervisor;

namespace Gateway.UnitTests.HostController.Supervisor;

public sealed class SupervisorContainerTests
{
    private const string Image = "registry.example.com/supervisor@sha256:0000000000000000000000000000000000000000000000000000000000000000";

    [Fact]
    public void It_gets_what_the_formats_promise_and_no_more()
    {
        var spec = SupervisorContainer.Create(Image, SupervisorSettings.Default, "/run/docker.sock", HostPaths.Machine);
        Assert.Equal("host", spec.HostConfig!.NetworkMode);
        Assert.Equal("always", spec.HostConfig.RestartPolicy!.Name);
        Assert.Equal("supervisor", spec.Labels!["io.gateway.role"]);
        Assert.Null(spec.HostConfig.Privileged);
        Assert.Equal(
            "/dev:/dev:ro /etc/gateway:/etc/gateway:ro /run:/run /run/gateway:/run/gateway /var/lib/gateway/container-supervisor:/var/lib/gateway/container-supervisor",
            string.Join(' ', spec.HostConfig.Binds!));
    }

    [Fact]
    public void Under_a_root_sources_move_and_targets_stay()
    {
        var settings = SupervisorSettings.Default with { Mounts = ["/srv/a:/dev:ro", "/srv/b:/b"] };
        var spec = SupervisorContainer.Create(Image, settings, "/run/docker.sock", new HostPaths("/tmp/r"));
        Assert.Contains("/tmp/r/srv/a:/dev:ro", spec.HostConfig!.Binds!);
        Assert.Contains("/tmp/r/srv/b:/b", spec.HostConfig.Binds!);
        Assert.Contains("/tmp/r/run:/run", spec.HostConfig.Binds!);
        Assert.DoesNotContain("/tmp/r/dev:/dev:ro", spec.HostConfig.Binds!);
    }

    [Fact]
    public void The_hash_changes_with_anything_that_defines_the_container_and_with_nothing_else()
    {
        string Hash(string image, SupervisorSettings settings) =>
            SupervisorContainer.HashOf(SupervisorContainer.Create(image, settings, "/run/docker.sock", HostPaths.Machine).Labels!);

        var settings = SupervisorSettings.Default;
        Assert.Equal(Hash(Image, settings), Hash(Image, settings with { }));
        Assert.NotEqual(Hash(Image, settings), Hash(Image.Replace('0', '1'), settings));
        Assert.NotEqual(Hash(Image, settings), Hash(Image, settings with { Network = "bridge" }));
        Assert.NotEqual(Hash(Image, settings), Hash(Image, settings with { Environment = ImmutableSortedDictionary<string, string>.Empty.Add("A", "b") }));
    }
}
