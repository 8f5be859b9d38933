using Gateway.HostController.Doctor;

namespace Gateway.UnitTests.HostController.Doctor;

public sealed class ReachabilityTests
{
    [Theory]
    [InlineData("registry.example.com/a/b@sha256:0", "registry.example.com:443")]
    [InlineData("registry.example.com:5000/a:1", "registry.example.com:5000")]
    [InlineData("localhost/a", "localhost:443")]
    [InlineData("library/a", "")]
    [InlineData("a@sha256:0", "")]
    public void The_registry_is_read_from_the_images_name(string image, string registry) =>
        Assert.Equal(registry, ReachabilityChecks.Registry(image) is var (host, port) ? $"{host}:{port}" : "");

    [Theory]
    [InlineData("hkp://keys.example.com", "keys.example.com:11371")]
    [InlineData("hkps://keys.example.com", "keys.example.com:443")]
    [InlineData("http://keys.example.com", "keys.example.com:80")]
    [InlineData("https://keys.example.com:8443/keys/{fingerprint}.asc", "keys.example.com:8443")]
    public void The_key_server_is_tried_where_keys_are_asked_for(string server, string address) =>
        Assert.Equal(address, ReachabilityChecks.KeyServer(new Uri(server)) is var (host, port) ? $"{host}:{port}" : "");

    [Fact]
    public void Hosts_of_package_sources_are_looked_at_once_and_disks_not_at_all()
    {
        const string Listed = "http://deb.debian.org/debian/\nhttp://deb.debian.org/debian-security/\nhttps://packages.example.com:8443/fleet/\nfile:/srv/packages/\ncdrom://Debian/\n\n";
        Assert.Equal(["deb.debian.org:80", "packages.example.com:8443"], PackageSources.HostsOf(Listed).Select(source => $"{source.Host}:{source.Port}"));
        Assert.Equal(8, PackageSources.HostsOf(string.Join('\n', Enumerable.Range(0, 20).Select(number => $"http://{number}.example.com/"))).Length);
    }

    [Theory]
    [InlineData("Acquire::http::Proxy \"http://10.0.0.1:3142\";", true)]
    [InlineData("Acquire::HTTPS::Proxy::packages.example.com \"http://10.0.0.1:3142\";", true)]
    [InlineData("Acquire::http::Proxy-Auto-Detect \"/usr/bin/auto-apt-proxy\";", true)]
    [InlineData("Acquire::http::Proxy \"\";\nAcquire::http::Proxy::a.example.com \"DIRECT\";\nAcquire::http::Timeout \"30\";", false)]
    public void A_proxy_of_apts_own_is_noticed(string settings, bool has) => Assert.Equal(has, PackageSources.HasProxy(settings));

    [Theory]
    [InlineData("mqtt: {host: broker.example.com, port: 8884}", "broker.example.com:8884")]
    [InlineData("mqtt: {host: broker.example.com, ca: /etc/ca.pem}", "broker.example.com:8883")]
    [InlineData("mqtt: {host: broker.example.com}", "broker.example.com:1883")]
    [InlineData("gateway_id: a", "")]
    [InlineData("mqtt: [", "")]
    public void The_broker_is_read_from_the_supervisors_configuration(string yaml, string broker)
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, yaml);
        Assert.Equal(broker, ReachabilityChecks.Broker(file) is var (host, port) ? $"{host}:{port}" : "");
        File.Delete(file);
    }
}
