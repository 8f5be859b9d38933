using Gateway.Core.Engine;
using Gateway.Core.Reports;
using Gateway.IntegrationTests.Fixtures;

namespace Gateway.IntegrationTests.Engine;

public sealed class NetworkAndVolumeTests(SandboxFixture fixture) : EngineTests(fixture)
{
    [Fact]
    public async Task Containers_in_a_network_find_each_other_by_alias()
    {
        var image = await PulledAsync("net", new TestImage());
        var name = NewName("net");
        var network = Good(await Docker.Networks.CreateAsync(new NetworkSpec { Name = name, Driver = "bridge", Labels = new Dictionary<string, string> { ["test.net"] = name } }));
        try
        {
            var server = await RunAsync(image, spec => spec with
            {
                Cmd = ["sh", "-c", "echo found > /tmp/index.html; httpd -f -p 8080 -h /tmp"],
                HostConfig = new HostConfigSpec { NetworkMode = name },
                NetworkingConfig = new NetworkingSpec(new Dictionary<string, EndpointSpec> { [name] = new() { Aliases = ["web"] } }),
            });
            var client = await CreateAsync(image, spec => spec with
            {
                Cmd = ["sh", "-c", "for i in 1 2 3 4 5 6 7 8 9; do wget -qO- http://web:8080/ && exec wget -qO- http://second:8080/; sleep 0.3; done"],
                HostConfig = new HostConfigSpec { NetworkMode = "none" },
            });
            Good(await Docker.Networks.DisconnectAsync("none", client));
            Good(await Docker.Networks.ConnectAsync(network.Id, client));
            Good(await Docker.Networks.DisconnectAsync(name, server));
            Good(await Docker.Networks.ConnectAsync(name, server, new EndpointSpec { Aliases = ["web", "second"] }));

            Good(await Docker.Containers.StartAsync(client));
            Assert.Equal(0, Good(await Docker.Containers.WaitAsync(client)));

            Assert.Equal(["found", "found"], Good(await Docker.Containers.LogsAsync(client, new LogQuery())).Lines.Where(line => !line.IsError).Select(line => line.Text));
            Assert.Equal(name, Assert.Single(Good(await Docker.Networks.ListAsync([$"test.net={name}"]))).Name);
            Assert.Contains(server, Good(await Docker.Networks.InspectAsync(name)).Containers.Keys);
            var endpoint = Good(await Docker.Containers.InspectAsync(server)).NetworkSettings.Networks[name];
            Assert.Contains("second", endpoint.Aliases);
            Assert.Equal(network.Id, endpoint.NetworkID);

            Assert.Equal(FailureKind.Conflict, Bad(await Docker.Networks.CreateAsync(new NetworkSpec { Name = name })).Kind);
            Assert.Contains("active endpoints", Bad(await Docker.Networks.RemoveAsync(name)).Message, StringComparison.Ordinal);
            Good(await Docker.Containers.RemoveAsync(server, force: true));
            Good(await Docker.Containers.RemoveAsync(client, force: true));
        }
        finally
        {
            Good(await Docker.Networks.RemoveAsync(name));
        }

        Assert.Equal(FailureKind.NotFound, Bad(await Docker.Networks.InspectAsync(name)).Kind);
    }

    [Fact]
    public async Task A_volume_keeps_its_content_from_container_to_container()
    {
        var image = await PulledAsync("vol", new TestImage());
        var name = NewName("vol");
        var volume = Good(await Docker.Volumes.CreateAsync(new VolumeSpec { Name = name, Labels = new Dictionary<string, string> { ["test.vol"] = name } }));
        Assert.Equal((name, "local"), (volume.Name, volume.Driver));

        var writer = await RunAsync(image, spec => spec with { Cmd = ["sh", "-c", "echo kept > /data/file"], HostConfig = new HostConfigSpec { Binds = [$"{name}:/data"] } });
        Good(await Docker.Containers.WaitAsync(writer));
        var reader = await RunAsync(image, spec => spec with
        {
            Cmd = ["cat", "/data/file"],
            HostConfig = new HostConfigSpec { Mounts = [new MountSpec { Type = "volume", Source = name, Target = "/data", ReadOnly = true }] },
        });
        Good(await Docker.Containers.WaitAsync(reader));

        Assert.Equal("kept", Assert.Single(Good(await Docker.Containers.LogsAsync(reader, new LogQuery())).Lines).Text);
        var mount = Assert.Single(Good(await Docker.Containers.InspectAsync(reader)).Mounts);
        Assert.Equal(("volume", name, "/data", false), (mount.Type, mount.Name, mount.Destination, mount.RW));
        Assert.Equal(name, Assert.Single(Good(await Docker.Volumes.ListAsync([$"test.vol={name}"]))).Name);
        Assert.Equal(volume.Mountpoint, Good(await Docker.Volumes.InspectAsync(name)).Mountpoint);

        Assert.Equal(FailureKind.Conflict, Bad(await Docker.Volumes.RemoveAsync(name)).Kind);
        Good(await Docker.Containers.RemoveAsync(writer));
        Good(await Docker.Containers.RemoveAsync(reader));
        Good(await Docker.Volumes.RemoveAsync(name));
        Assert.Equal(FailureKind.NotFound, Bad(await Docker.Volumes.InspectAsync(name)).Kind);
    }
}
