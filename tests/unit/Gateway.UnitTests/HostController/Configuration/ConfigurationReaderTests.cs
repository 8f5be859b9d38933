using System.Text;
using Gateway.Core.Reports;
using Gateway.Core.Yaml;
using Gateway.HostController;
using Gateway.HostController.Configuration;

namespace Gateway.UnitTests.HostController.Configuration;

public sealed class ConfigurationReaderTests
{
    private static Result<HostConfiguration> Read(string yaml) =>
        ConfigurationReader.Read(new SourceText("host-controller.yaml", Encoding.UTF8.GetBytes(yaml)));

    private static string[] Refused(string yaml) => [.. Read(yaml).Failures.Select(failure => failure.ToString())];

    [Fact]
    public void Only_the_id_is_needed_and_the_rest_has_defaults()
    {
        var read = Read("gateway_id: gw-0042\n").Value;
        Assert.Equal("gw-0042", read.Identity.Id);
        Assert.Empty(read.Identity.Groups);
        Assert.Null(read.PlaybookUrl);
        Assert.Null(read.AllowedModules);
        Assert.Equal(Reapply.Always, read.Reapply);
        Assert.Equal("/etc/gateway/trusted.d", read.TrustedDirectory);
        Assert.Equal("/var/lib/gateway/host-controller", read.StateDirectory);
        Assert.Equal("host", read.Supervisor.Network);
    }

    [Fact]
    public void Every_key_is_read()
    {
        var read = Read("""
            gateway_id: gw-1
            groups: [beta, all-sites]
            playbook_url: https://example.com/{gateway_id}.yml
            schedule: "0 15 * * * ?"
            start_delay: 10
            jitter: 1m30s
            reapply: 12h
            fetch_timeout: 2m
            allowed_modules: [apt, ansible.builtin.copy]
            led: PWR
            docker_socket: /srv/docker.sock
            state_directory: /srv/state
            trusted_directory: /srv/keys
            supervisor:
              name: boss
              network: bridge
              mounts: ["/a:/b:ro"]
              environment: {TZ: UTC}
            """).Value;
        Assert.Equal("beta all-sites", string.Join(" ", read.Identity.Groups));
        Assert.Equal(TimeSpan.FromSeconds(90), read.Jitter);
        Assert.Equal(TimeSpan.FromHours(12), read.Reapply.After);
        Assert.Equal("apt copy", string.Join(" ", read.AllowedModules!.Value));
        Assert.Equal("boss", read.Supervisor.Name);
        Assert.Equal("UTC", read.Supervisor.Environment["TZ"]);
        Assert.Empty(read.Notices);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_with_its_place()
    {
        var wrong = Refused("""
            groups: ["a/b"]
            playbook_url: ftp://example.com/x
            schedule: "*/5 * * * *"
            jitter: soon
            reapply: never
            led: ../x
            state_directory: here
            suprevisor: {}
            """);
        Assert.Equal(9, wrong.Length);
        Assert.Contains(wrong, line => line.Contains("needs 'gateway_id'", StringComparison.Ordinal));
        Assert.Contains("host-controller.yaml:8:1: the configuration has no key 'suprevisor'; did you mean 'supervisor'?", wrong);
        Assert.Contains(wrong, line => line.StartsWith("host-controller.yaml:3:11: 'schedule'", StringComparison.Ordinal));
        Assert.All(Read("jitter: soon").Failures, failure => Assert.Equal(ExitStatus.Other, ExitStatuses.Of(failure.Phase)));
    }

    [Fact]
    public void A_key_server_that_does_not_prove_who_it_is_is_announced()
    {
        Assert.Contains("key_server", Assert.Single(Read("gateway_id: a\nkey_server: http://keys.example.com").Value.Notices), StringComparison.Ordinal);
        Assert.Empty(Read("gateway_id: a\nkey_server: hkps://keys.example.com").Value.Notices);
    }

    [Fact]
    public void A_group_url_makes_one_address_and_stream_for_each_group()
    {
        var read = Read("gateway_id: gw\ngroups: [a, b]\nplaybook_url: 'http://h/{group}/{gateway_id}.yml'").Value;
        var addresses = read.PlaybookUrl!.For(read.Identity);
        Assert.Equal(["playbook:a", "playbook:b"], addresses.Select(address => address.Stream));
        Assert.Equal("http://h/b/gw.yml.asc", addresses[1].Signature.AbsoluteUri);
    }

    [Theory]
    [InlineData("http://h/{group}.yml", "{group}")]
    [InlineData("http://h/{grop}.yml", "{gateway_id} and {group} only")]
    [InlineData("http://user:pw@h/x.yml", "password")]
    [InlineData("x.yml", "must be an http, https or file URL")]
    public void A_url_that_leads_nowhere_is_refused(string url, string why) =>
        Assert.Contains(why, Assert.Single(Refused($"gateway_id: a\nplaybook_url: '{url}'")), StringComparison.Ordinal);

    [Theory]
    [InlineData(Phase.Verify, Phase.Fetch, 3)]
    [InlineData(Phase.Apply, Phase.Parse, 4)]
    [InlineData(Phase.Fetch, Phase.Apply, 5)]
    [InlineData(Phase.Policy, Phase.Policy, 3)]
    [InlineData(Phase.Configuration, Phase.Configuration, 1)]
    public void The_exit_status_tells_the_gravest_failure(Phase one, Phase other, int status) =>
        Assert.Equal(status, (int)ExitStatuses.Of([new Failure(one, "", "x"), new Failure(other, "", "y")]));
}
