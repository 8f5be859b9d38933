using System.Text;
using Gateway.Core.Yaml;
using Gateway.Ctl.Documents;
using Gateway.Reconciliation.Desired;
using Gateway.Reconciliation.Policy;
using Gateway.Reconciliation.Specs;

namespace Gateway.UnitTests.Reconciliation.Desired;

/// <summary>The offline orchestrator's <c>config.json</c>.</summary>
public class TwinTests
{
    /// <summary>Its template as published, with the least filled in.</summary>
    private const string Template = """
        {
        	"config_number": 3,
        	"modules": [
        		{
        			"module_name": "filler",
        			"container_name": "",
        			"container_image": "registry.example.com/filler:1",
        			"restart_policy": "",
        			"pull_policy": "",
        			"startup_order": 1,
        			"command": "",
        			"env_variables": {},
        			"container_create_options": {
        				"ports": {"8080/tcp": {}},
        				"volumes": {"/module1/data": {}}
        			}
        		}
        	]
        }
        """;

    [Fact]
    public void The_template_becomes_one_application()
    {
        var twin = Parse(Template);
        var application = Assert.Single(twin.Applications);
        var filler = Assert.Single(application.Services);

        Assert.Equal(("twin", "gateway:3", "filler", "twin-filler"), (application.Name, application.Release, filler.Name, filler.ContainerName));
        Assert.Equal((3L, DateTimeOffset.MaxValue, "all"), (twin.Release!.Serial, twin.Release.Expires, twin.Release.Targets.Single()));
        Assert.Equal((null, null, PullPolicy.Missing), (filler.Restart, filler.Command, filler.PullPolicy));
        var body = ContainerSpecBuilder.Build(application, filler, Given.NoDevices).Body;
        Assert.Equal("{\"8080/tcp\":{}}", body["ExposedPorts"]!.ToJsonString());
        Assert.Equal("{\"/module1/data\":{}}", body["Volumes"]!.ToJsonString());
        Assert.Equal("unless-stopped", body["HostConfig"]!["RestartPolicy"]!["Name"]!.GetValue<string>());
        Assert.Empty(PolicyCheck.Check(application, [ContainerSpecBuilder.Build(application, filler, Given.NoDevices)], LocalPolicy.Default with { RequireDigest = false }));
    }

    [Fact]
    public void Every_field_means_what_it_says()
    {
        var application = Parse(Module("""
            "container_name": "press", "restart_policy": "on-failure:3", "pull_policy": "on-create", "startup_order": 0,
            "command": "run --name 'a b'", "env_variables": {"A": "1", "B": 2},
            "container_create_options": {
              "Env": ["A=0", "C=3"],
              "HostConfig": {"NetworkMode": "host", "Binds": ["data:/data:ro", "/srv/x:/x"], "Privileged": true}
            }
            """)).Applications[0];
        var spec = ContainerSpecBuilder.Build(application, application.Services[0], Given.NoDevices);

        Assert.Equal(("press", PullPolicy.OnCreate), (spec.Service.ContainerName, spec.Service.PullPolicy));
        Assert.Equal("[\"C=3\",\"A=1\",\"B=2\"]", spec.Body["Env"]!.ToJsonString());
        Assert.Equal("[\"run\",\"--name\",\"a b\"]", spec.Body["Cmd"]!.ToJsonString());
        Assert.Equal(
            "{\"Binds\":[\"/srv/x:/x\",\"data:/data:ro\"],\"NetworkMode\":\"host\",\"Privileged\":true,\"RestartPolicy\":{\"MaximumRetryCount\":3,\"Name\":\"on-failure\"}}",
            spec.Body["HostConfig"]!.ToJsonString());
        Assert.Equal(
            ["require_digest", "policy.bind_mounts", "policy.host_namespaces", "policy.privileged"],
            PolicyCheck.Check(application, [spec], LocalPolicy.Default).Select(violation => violation.Rule));
    }

    [Fact]
    public void The_startup_order_becomes_dependencies_that_restart()
    {
        static string Ordered(string name, string order) => $$"""{"module_name": "{{name}}", "container_image": "x"{{order}} }""";
        var application = Parse($$"""
            {"config_number": 1, "modules": [{{Ordered("last", "")}}, {{Ordered("late", ", \"startup_order\": 7")}}, {{Ordered("first", ", \"startup_order\": 1")}}, {{Ordered("too", ", \"startup_order\": 1")}}]}
            """).Applications[0];

        Assert.Equal(
            ["first:", "last:late,first,too", "late:first,too", "too:"],
            application.Services.Select(service => $"{service.Name}:{string.Join(',', service.DependsOn.Select(dependency => dependency.Service))}"));
        Assert.All(application.Services.SelectMany(service => service.DependsOn), dependency => Assert.Equal((DependencyCondition.Started, true), (dependency.Condition, dependency.Restart)));
    }

    [Theory]
    [InlineData("\"colour\": 1", "d.yaml:2:1: a module has no key 'colour'")]
    [InlineData("\"restart_policy\": \"never\"", "d.yaml:2:19: 'restart_policy' must be no, on-failure[:n], always or unless-stopped, not 'never'")]
    [InlineData("\"pull_policy\": \"sometimes\"", "d.yaml:2:16: 'pull_policy' must be on-create or missing or always or never, not 'sometimes'")]
    [InlineData("\"startup_order\": -1", "d.yaml:2:18: 'startup_order' must be an integer from 0 to 4294967295")]
    [InlineData("\"command\": \"a 'b\"", "d.yaml:2:12: 'command' has a quote that is not closed")]
    [InlineData("\"env_variables\": 7", "d.yaml:2:18: 'env_variables' must be a mapping or a list of key=value")]
    [InlineData("\"container_create_options\": \"{}\"", "d.yaml:2:29: 'container_create_options' must be a mapping of Engine create options")]
    [InlineData("\"container_create_options\": {\"Image\": \"y\"}", "d.yaml:2:39: 'container_create_options' may not give 'Image'; use 'container_image'")]
    [InlineData("\"container_create_options\": {\"ports\": {}, \"ExposedPorts\": {}}", "d.yaml:2:30: 'ports' and 'ExposedPorts' are the same; give one of them")]
    [InlineData("\"container_create_options\": {\"ports\": [80]}", "d.yaml:2:39: 'ports' must be a mapping, like {\"8080/tcp\": {}}")]
    [InlineData("\"container_create_options\": {\"HostConfig\": {\"NetworkMode\": \"container:x\"}}", "d.yaml:2:60: 'NetworkMode' must be host or none or bridge")]
    [InlineData("\"container_name\": \"a b\"", "d.yaml:2:19: 'a b' cannot be a container's name")]
    public void What_is_wrong_is_told_with_its_place(string field, string message) =>
        Assert.Contains(Given.Parse(Module(field)).Failures, failure => failure.ToString().StartsWith(message, StringComparison.Ordinal));

    [Theory]
    [InlineData("""{"config_number": 0, "modules": [{"module_name": "a", "container_image": "x"}]}""", "'config_number' must be an integer of at least 1")]
    [InlineData("""{"config_number": 1}""", "a twin needs 'modules'")]
    [InlineData("""{"config_number": 1, "modules": []}""", "'modules' must be a list of 1 to 500 modules")]
    [InlineData("""{"config_number": 1, "release": {}, "modules": [{"module_name": "a", "container_image": "x"}]}""", "a twin has no key 'release'")]
    [InlineData("""{"config_number": 1, "modules": [{"module_name": "a"}]}""", "a module needs 'container_image'")]
    [InlineData("""{"config_number": 1, "modules": [{"module_name": "", "container_image": "x"}]}""", "'module_name' must not be empty")]
    [InlineData("""{"config_number": 1, "modules": [{"module_name": "a", "container_image": "x"}, {"module_name": "a", "container_image": "x"}]}""", "module 'a' stands already at d.yaml:1:34")]
    public void A_twin_is_whole_or_refused(string text, string message) =>
        Assert.Contains(Given.Parse(text).Failures, failure => failure.Message.Contains(message, StringComparison.Ordinal));

    [Fact]
    public void The_operators_tools_take_it_as_a_desired_state()
    {
        var document = Linter.Lint(new SourceText("config.json", Encoding.UTF8.GetBytes(Template))).Value;

        Assert.Equal((DocumentKind.DesiredState, 3L, "twin", "1 application, 1 service"), (document.Kind, document.Release!.Serial, document.Applications.Single(), document.Summary));
    }

    private static string Module(string more) => $$"""
        {"config_number": 1, "modules": [{"module_name": "filler", "container_image": "registry.example.com/filler:1",
        {{more}} }]}
        """;

    private static DesiredState Parse(string text)
    {
        var parsed = Given.Parse(text);
        Assert.True(parsed.IsSuccess, string.Join('\n', parsed.Failures));
        return parsed.Value;
    }
}
