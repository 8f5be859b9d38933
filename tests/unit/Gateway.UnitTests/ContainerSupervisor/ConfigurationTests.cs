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
    public void What_weakens_is_said() => Assert.Single(Read("gateway_id: a\nrequire_signature: false").Value.Notices);

    [Fact]
    public void How_many_images_are_kept_is_a_count_of_at_least_one()
    {
        Assert.Equal(2, Read("gateway_id: a").Value.ImageRetention);
        Assert.Equal(5, Read("gateway_id: a\nimage_retention: 5").Value.ImageRetention);
        Assert.Contains("image_retention", Read("gateway_id: a\nimage_retention: 0").Failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Windows_are_read_and_each_mistake_has_its_place()
    {
        var good = Read("""
            gateway_id: a
            windows:
              - {schedule: "0 0 2 ? * SUN", duration: 4h, time_zone: Europe/Berlin}
              - {schedule: "0 0 0 ? * *", duration: 30m}
            """).Value;
        Assert.Equal(2, good.Windows.Length);
        var wrong = Read("""
            gateway_id: a
            windows:
              - {schedule: "every night", duration: 4h}
              - {schedule: "0 0 2 * * ?", duration: 5s, time_zone: Europe/Berlim}
              - {schedule: "0 0 2 * * ?", length: 1h}
            """).Failures.Select(failure => failure.ToString()).ToList();
        Assert.Equal(
            ["supervisor.yaml:3:", "supervisor.yaml:4:", "supervisor.yaml:4:", "supervisor.yaml:5:", "supervisor.yaml:5:"],
            wrong.Select(text => text[..18]));
        Assert.Contains(wrong, text => text.Contains("there is no time zone 'Europe/Berlim'", StringComparison.Ordinal));
        Assert.Contains(wrong, text => text.Contains("'schedule' must be a Quartz cron expression", StringComparison.Ordinal));
    }

    private static Result<SupervisorConfiguration> Read(string text) =>
        ConfigurationReader.Read(new SourceText("supervisor.yaml", Encoding.UTF8.GetBytes(text)));
}
