using Gateway.Reconciliation.Desired;

namespace Gateway.UnitTests.Reconciliation.Desired;

/// <summary>What keys come to, beyond being taken.</summary>
public class VocabularyTests
{
    [Fact]
    public void An_inline_env_file_is_read_as_one_and_environment_wins_wherever_it_stands()
    {
        const string File = """
            env_file:
              - content: |
                  # a comment
                  export A=one # and another
                  B='single $kept # here'
                  C="two\nlines"

                  D=
              - {content: "A=late\nE='raw'", format: raw}
            """;
        foreach (var service in new[] { "environment: {D: given}\n" + File, File + "\nenvironment: {D: given}" })
        {
            Assert.Equal(
                ["A=late", "B=single $kept # here", "C=two\nlines", "D=given", "E='raw'"],
                Given.App(service)["web"]!.Environment.Select(pair => $"{pair.Key}={pair.Value}"));
        }
    }

    [Fact]
    public void Secrets_and_configs_become_files_with_composes_places_and_modes()
    {
        var files = Given.App(
            """
            secrets: [key, {source: key, target: other, uid: "1000", gid: "1001", mode: 0400}, {source: key, target: /abs/key, mode: "440"}]
            configs: [site.conf, {source: site.conf, target: /etc/site/x.conf, mode: 0o644}]
            """,
            "secrets: {key: {content: s3cret}}\nconfigs: {site.conf: {content: \"a\\n\"}, unused: {content: b}}")["web"]!.Files;

        Assert.Equal(
            [
                "/abs/key s3cret 440 0:0 True", "/etc/site/x.conf a\n 644 0:0 False", "/run/secrets/key s3cret 444 0:0 True",
                "/run/secrets/other s3cret 400 1000:1001 True", "/site.conf a\n 444 0:0 False",
            ],
            files.Select(file => $"{file.Target} {file.Content} {Convert.ToString(file.Mode, 8)} {file.Uid}:{file.Gid} {file.IsSecret}"));
    }

    [Theory]
    [InlineData("{file: ./key.txt}", "'file' is refused: a document stands alone; write the text itself under 'content'")]
    [InlineData("{environment: KEY}", "'environment' is refused")]
    [InlineData("{external: true}", "'external' is refused")]
    [InlineData("{}", "needs 'content'")]
    public void A_secret_from_elsewhere_is_refused_with_what_to_write(string definition, string message) =>
        Assert.Contains(Given.Wrong("init: true", $"secrets: {{key: {definition}}}"), line => line.Contains(message, StringComparison.Ordinal));

    [Fact]
    public void Two_dollars_are_one_and_a_variable_gets_a_warning()
    {
        var state = Given.Parse("""
            release: {serial: 1, expires: 2030-01-01T00:00:00Z, targets: all}
            applications:
              app:
                configs: {c: {content: "p$$w"}}
                services:
                  web:
                    image: x
                    configs: [c]
                    command: ["$$HOME", "$1", "cost $"]
                    environment: {A: "${TAG:-x}"}
            """).Value;
        var web = state.Applications[0]["web"]!;

        Assert.Equal(["$HOME", "$1", "cost $"], web.Command!.Value.AsEnumerable());
        Assert.Equal("p$w", web.Files[0].Content);
        Assert.Equal("${TAG:-x}", web.Environment["A"]);
        Assert.StartsWith("d.yaml:10:26: a variable is not replaced", Assert.Single(state.Warnings).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_shared_namespace_implies_a_dependency_that_restarts()
    {
        var application = Given.State("""
            app:
              services:
                vpn: {image: x, ipc: shareable}
                a: {image: x, network_mode: "service:vpn"}
                b: {image: x, pid: "service:vpn", ipc: "service:vpn", depends_on: {vpn: {condition: service_healthy}}}
            """).Applications[0];

        Assert.Equal([new Dependency("vpn", DependencyCondition.Started, true, true)], application["a"]!.DependsOn.AsEnumerable());
        Assert.Equal([new Dependency("vpn", DependencyCondition.Healthy, true, true)], application["b"]!.DependsOn.AsEnumerable());
    }

    [Theory]
    [InlineData("ports: ['80:80']")]
    [InlineData("expose: [80]")]
    [InlineData("links: [vpn]")]
    [InlineData("extra_hosts: ['a:10.0.0.1']")]
    [InlineData("dns: 10.0.0.1")]
    [InlineData("hostname: a")]
    [InlineData("mac_address: '02:42:ac:11:65:43'")]
    public void What_the_engine_would_refuse_in_anothers_network_is_told_before(string key)
    {
        var name = key[..key.IndexOf(':', StringComparison.Ordinal)];
        var wrong = Given.Parse($$"""
            release: {serial: 1, expires: 2030-01-01T00:00:00Z, targets: all}
            applications: {app: {services: {vpn: {image: x}, a: {image: x, network_mode: "service:vpn", {{key}} } } } }
            """);

        Assert.Contains($"'{name}' is not possible with 'network_mode: service:vpn'; write it at service 'vpn'", wrong.Failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Volumes_from_brings_the_others_volumes_and_its_own_win()
    {
        var mounts = Given.State("""
            app:
              services:
                a: {image: x, volumes: ["v:/v", "w:/w", "/anonymous"], tmpfs: /t}
                b: {image: x, volumes_from: ["a:ro"], volumes: ["/own:/w"]}
                c: {image: x, volumes_from: [b]}
              volumes: {v: , w: }
            """).Applications[0]["c"]!.Volumes;

        Assert.Equal(["/own:/w", "v:/v:ro"], mounts.Select(mount => $"{mount.Source}:{mount.Target}{(mount.ReadOnly ? ":ro" : "")}"));
    }

    [Fact]
    public void Volumes_from_a_service_that_names_none_is_an_error() => Assert.Contains(
        "has no volume that can be shared",
        Given.Parse("""
            release: {serial: 1, expires: 2030-01-01T00:00:00Z, targets: all}
            applications: {app: {services: {a: {image: x}, b: {image: x, volumes_from: [a]}}}}
            """).Failure.Message,
        StringComparison.Ordinal);

    [Fact]
    public void Deploy_does_what_one_gateway_can_and_warns_of_the_rest()
    {
        var state = Given.State("""
            app:
              services:
                web:
                  image: x
                  deploy:
                    mode: replicated
                    replicas: 1
                    placement: {constraints: [node.role == manager]}
                    labels: {a: b}
                    resources: {limits: {cpus: "0.5", memory: 64M}, reservations: {cpus: "0.1", memory: 32M}}
                    update_config: {order: start-first, parallelism: 1, failure_action: rollback}
                    restart_policy: {condition: on-failure, max_attempts: 3, delay: 5s}
            """);
        var web = state.Applications[0].Services[0];

        Assert.Equal((UpdateOrder.StartFirst, new RestartPolicy("on-failure", 3), 67108864L, 33554432L), (web.UpdateOrder, web.Restart, web.Limits.Memory, web.Limits.MemoryReservation));
        Assert.Equal(
            ["deploy.placement", "deploy.labels", "reservations.cpus", "update_config.parallelism", "restart_policy.delay"],
            state.Warnings.Select(warning => warning.Message.Split('\'')[1]));
    }

    [Theory]
    [InlineData("ports: ['80:80']", true)]
    [InlineData("ports: ['80']", false)]
    [InlineData("networks: {default: {ipv4_address: 10.0.0.2}}", true)]
    public void Start_first_gives_way_to_what_two_containers_cannot_share(string service, bool givesWay)
    {
        var state = Given.State($$"""
            app:
              services:
                web: {image: x, deploy: {update_config: {order: start-first} }, {{service}} }
            """);

        Assert.Equal(givesWay ? UpdateOrder.StopFirst : UpdateOrder.StartFirst, state.Applications[0].Services[0].UpdateOrder);
        Assert.Equal(givesWay ? 1 : 0, state.Warnings.Length);
    }

    [Fact]
    public void Old_spellings_of_external_and_what_the_supervisor_adds()
    {
        var application = Given.App("x-restart-unhealthy: false\nx-gateway-api: true\npull_policy: never", "volumes: {v: {external: {name: shared}}}\nnetworks: {default: {external: {name: lan}}}");
        var web = application["web"]!;

        Assert.Equal("lan", application.Networks[0].Name);
        Assert.Equal((false, true, PullPolicy.Never), (web.RestartUnhealthy, web.LocalApi, web.PullPolicy));
    }
}
