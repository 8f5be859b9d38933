using System.Text;
using Gateway.Reconciliation.Desired;

namespace Gateway.UnitTests.Reconciliation.Desired;

public class DesiredStateParserTests
{
    [Theory]
    [InlineData("imagee: x", "d.yaml:7:9: service 'web' has no key 'imagee'; did you mean 'image'?")]
    [InlineData("build: .", "d.yaml:7:9: 'build' is refused: images are built elsewhere and named by digest")]
    [InlineData("ports: [99999]", "d.yaml:7:17: a port must be from 1 to 65535, a range like 8000-8010")]
    [InlineData("ports: ['1-2:1-3']", "d.yaml:7:17: the two ranges of ports must have the same length")]
    [InlineData("volumes: ['data:/x']", "d.yaml:7:19: volume 'data' is not named under 'volumes' of the application")]
    [InlineData("volumes: ['./x:/x']", "d.yaml:7:19: './x' is a relative path")]
    [InlineData("labels: {io.gateway.role: supervisor}", "d.yaml:7:17: label 'io.gateway.role' is the supervisor's")]
    [InlineData("x-create-options: {Labels: {IO.gateway.role: x}}", "d.yaml:7:37: label 'IO.gateway.role' is the supervisor's")]
    [InlineData("x-create-options: {Image: y}", "d.yaml:7:35: 'x-create-options' may not give 'Image'")]
    [InlineData("depends_on: [db]", "d.yaml:5:7: service 'web': 'depends_on' names 'db', which is no service")]
    [InlineData("depends_on: [web]", "d.yaml:5:7: 'depends_on' goes in a circle among web")]
    [InlineData("container_name: 'a b'", "d.yaml:7:25: 'a b' cannot be a container's name")]
    [InlineData("container_name: web.previous", "d.yaml:7:25: 'web.previous' cannot be a container's name")]
    [InlineData("environment: [HOME]", "d.yaml:7:23: 'environment': 'HOME' needs a value")]
    [InlineData("network_mode: 'container:x'", "d.yaml:7:23: 'network_mode': 'container:' names a container that is not of this document")]
    [InlineData("network_mode: bridged", "d.yaml:7:23: 'network_mode' must be host or none or bridge or service:<name>")]
    [InlineData("network_mode: 'service:vpn'", "d.yaml:5:7: service 'web': 'network_mode' names 'vpn', which is no service")]
    [InlineData("pid: 'service:web'", "d.yaml:5:7: 'depends_on' goes in a circle among web")]
    [InlineData("volumes_from: [data]", "d.yaml:5:7: service 'web': 'volumes_from' names 'data', which is no service")]
    [InlineData("env_file: .env", "d.yaml:7:19: 'env_file' takes no path, as a document stands alone")]
    [InlineData("env_file: {content: \"A=1\\nB\"}", "d.yaml:7:29: line 2 of the content is not NAME=value")]
    [InlineData("env_file: {content: \"A='1\"}", "d.yaml:7:29: line 1 of the content: the value of 'A' has a quote that is not closed")]
    [InlineData("secrets: [key]", "d.yaml:7:19: 'key' is not named under 'secrets' of the application")]
    [InlineData("configs: [{source: a, mode: 440}]", "d.yaml:7:37: a mode must be octal and begin with 0, like 0440")]
    [InlineData("configs: [{source: a, uid: root}]", "d.yaml:7:36: 'uid' must be a number")]
    [InlineData("x-gateway-api: true\ntmpfs: /run/gateway", "d.yaml:5:7: service 'web': '/run/gateway' is both a tmpfs and the local interface")]
    [InlineData("x-create-options: {HostConfig: {NetworkMode: host}}", "d.yaml:7:54: 'x-create-options' may not give 'HostConfig.NetworkMode'")]
    [InlineData("deploy: {replicas: 2}", "d.yaml:7:28: 'replicas' must be 1: one container for each service")]
    [InlineData("deploy: {update_config: {order: both}}", "d.yaml:7:41: 'order' must be stop-first or start-first")]
    [InlineData("deploy: {plaecment: {}}", "d.yaml:7:18: 'deploy' has no key 'plaecment'; did you mean 'placement'?")]
    [InlineData("restart: 'no'\ndeploy: {restart_policy: {condition: any}}", "d.yaml:7:18: 'restart' and 'deploy.restart_policy' say different things")]
    [InlineData("label_file: x", "d.yaml:7:9: 'label_file' is refused: a document stands alone; write 'labels'")]
    [InlineData("volumes: [{type: tmpfs, target: /x, tmpfs: {mode: 755}}]", "d.yaml:7:59: a mode must be octal")]
    [InlineData("restart: sometimes", "d.yaml:7:18: 'restart' must be no, on-failure[:n], always or unless-stopped")]
    [InlineData("mem_limit: lots", "d.yaml:7:20: 'mem_limit' must be a size")]
    [InlineData("privileged: 1", "d.yaml:7:21: 'privileged' must be true or false")]
    [InlineData("devices: [/etc/passwd]", "d.yaml:7:19: device '/etc/passwd' must be a path below /dev/")]
    [InlineData("command: \"echo 'x\"", "d.yaml:7:18: 'command' has a quote that is not closed")]
    [InlineData("healthcheck: {test: [RUN, x]}", "d.yaml:7:29: 'test' must be a string, or a list that begins with CMD or CMD-SHELL")]
    [InlineData("networks: [back]", "d.yaml:5:7: service 'web': network 'back' is not named under 'networks'")]
    public void What_is_wrong_is_told_with_its_place(string service, string message)
    {
        var wrong = Given.Wrong(service);

        Assert.Contains(wrong, line => line.StartsWith(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Everything_wrong_is_reported_at_once() => Assert.Equal(3, Given.Wrong("ports: [0]\nprivileged: 1\nnope: 1").Length);

    [Fact]
    public void A_network_of_the_host_cannot_come_in_by_name() =>
        Assert.Contains("'host' is the engine's own", Assert.Single(Given.Wrong("networks: [x]", "networks: {x: {external: true, name: host}}"), line => line.Contains("engine's own", StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public void Names_of_containers_are_unique_across_applications() =>
        Assert.Contains("container name 'a-b-c' is taken already", Given.Parse("""
            release: {serial: 1, expires: 2030-01-01T00:00:00Z, targets: all}
            applications:
              a: {services: {b-c: {image: x}}}
              a-b: {services: {c: {image: x}}}
            """).Failure.Message, StringComparison.Ordinal);

    [Fact]
    public void Profiles_warn_and_x_keys_are_kept()
    {
        var state = Given.State("app: {services: {web: {image: x, profiles: [debug], x-note: {a: 1}}}}");

        Assert.Contains("'profiles' has no effect", Assert.Single(state.Warnings).Message, StringComparison.Ordinal);
        Assert.Equal("{\"a\":1}", state.Applications[0].Services[0].Extensions["x-note"]);
    }

    [Theory]
    [InlineData("sh -c 'a b' \"c \\\" d\" e\\ f", "sh|-c|a b|c \" d|e f")]
    [InlineData("a  '' b", "a||b")]
    [InlineData("echo $HOME $$", "echo|$HOME|$$")]
    public void Commands_are_split_as_shell_words(string text, string words)
    {
        Assert.True(ShellWords.TrySplit(text, out var split));
        Assert.Equal(words, string.Join('|', split));
    }

    [Theory]
    [InlineData("{\"payload\":\"x\",\"signature\":\"s\"}", true)]
    [InlineData("{\"payload\":\"x\",\"payload\":\"y\",\"signature\":\"s\"}", false)]
    [InlineData("{\"payload\":\"x\",\"signature\":\"s\",\"more\":1}", false)]
    [InlineData("{\"payload\":{},\"signature\":\"s\"}", false)]
    [InlineData("{\"payload\":\"x\",\"signature\":\"s\"} x", false)]
    [InlineData("{\"payload\":\"\\ud800\",\"signature\":\"s\"}", false)]
    [InlineData("[]", false)]
    [InlineData("", false)]
    public void Envelopes_are_strict(string json, bool good) => Assert.Equal(good, Envelope.Parse(Encoding.UTF8.GetBytes(json), "topic").IsSuccess);

    [Fact]
    public void An_application_comes_whole_from_the_first_source_that_has_it()
    {
        var gateway = Given.State("app: {services: {web: {image: \"x:1\"}}}");
        var group = Given.State("app: {services: {web: {image: \"x:2\"}}}\nother: {services: {web: {image: \"x:2\"}}}");

        var merged = SourceMerge.Merge([gateway, group]);

        Assert.Equal(["docker.io/library/x:1", "docker.io/library/x:2"], merged.Applications.Select(a => a.Services[0].Image.ToString()));
    }
}
