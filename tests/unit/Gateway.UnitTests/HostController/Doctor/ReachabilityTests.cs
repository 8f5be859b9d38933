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
