using System.Text;
using Gateway.ContainerSupervisor.Configuration;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;

namespace Gateway.UnitTests.ContainerSupervisor;

public sealed class ConfigurationTests
{
    [Fact]
    public void Only_the_gateway_id_is_required()
    {
        var configuration = Read("gateway_id: gw-1").Value;
        Assert.Null(configuration.Mqtt);
        Assert.True(configuration.RequireSignature);
        Assert.True(configuration.Policy.RequireDigest);
        Assert.Equal("/run/docker.sock", configuration.DockerSocket);
    }

    [Fact]
    public void Everything_wrong_is_told_at_once_with_its_place()
    {
        var failures = Read("""
            gateway_id: a/b
            groups: ["#"]
            mqtt: {host: x, port: 70000, cert: /c}
            status_interval: 0
            docker_sock: /x
            """).Failures;
        Assert.Equal(6, failures.Length);
        Assert.All(failures, failure => Assert.Equal(Phase.Configuration, failure.Phase));
        Assert.Contains(failures, failure => failure.ToString().StartsWith("supervisor.yaml:5:1: ", StringComparison.Ordinal));
    }

    [Fact]
    public void A_port_not_given_follows_from_tls()
    {
        Assert.Equal(1883, Read("gateway_id: a\nmqtt: {host: x}").Value.Mqtt!.Port);
        Assert.Equal(8883, Read("gateway_id: a\nmqtt: {host: x, ca: /ca}").Value.Mqtt!.Port);
    }

    [Fact]
    public void What_has_no_effect_yet_and_what_weakens_are_said() =>
        Assert.Equal(2, Read("gateway_id: a\nwindows: []\nrequire_signature: false").Value.Notices.Length);

    private static Result<SupervisorConfiguration> Read(string text) =>
        ConfigurationReader.Read(new SourceText("supervisor.yaml", Encoding.UTF8.GetBytes(text)));
}
