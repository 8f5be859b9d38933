using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Gateway.IntegrationTests.Fixtures;
using Gateway.IntegrationTests.HostController;

namespace Gateway.IntegrationTests.Playbooks;

/// <summary><c>docker_image</c> and <c>container_supervisor</c> from a playbook to the engine, through the program.</summary>
[Collection("third sandbox")]
public sealed class ContainerModulesTests(SandboxFixture fixture) : IAsyncLifetime
{
    private readonly string name = $"modules-{Guid.NewGuid().ToString("N")[..6]}";
    private GatewayUnderTest gateway = null!;

    private Sandbox Sandbox => fixture.Sandbox;

    [Fact]
    public async Task An_image_is_pulled_once_and_removed_once()
    {
        var image = await Sandbox.PushTestImageAsync(name, "sleep", "1");
        var pull = $"    - docker_image: {{name: '{image}'}}\n";
        Assert.Equal("changed=1 failures=0", await ApplyAsync(0, pull, "--check"));
        Assert.False((await Sandbox.Docker.Images.InspectAsync(image)).IsSuccess);
        Assert.Equal("changed=1 failures=0", await ApplyAsync(0, pull));
        Assert.True((await Sandbox.Docker.Images.InspectAsync(image)).IsSuccess);
        Assert.Equal("changed=0 failures=0", await ApplyAsync(0, pull));
        var remove = $"    - docker_image: {{name: '{image}', state: absent, force_absent: true}}\n";
        Assert.Equal("changed=1 failures=0", await ApplyAsync(0, remove));
        Assert.Equal("changed=0 failures=0", await ApplyAsync(0, remove));
        Assert.False((await Sandbox.Docker.Images.InspectAsync(image)).IsSuccess);
    }

    [Fact]
    public async Task An_image_comes_from_a_file_and_must_be_the_one_that_was_asked_for()
    {
        var image = new TestImage { Command = ["sleep", "2"], Labels = TestImage.Labelled(("test", name)) };
        await File.WriteAllBytesAsync(gateway.At("target/image.tar"), image.Archive($"{name}:1"));
        var other = new TestImage { Labels = TestImage.Labelled(("test", name + "-other")) }.Id();
        string Load(string wanted) => $"    - docker_image: {{name: '{wanted}', source: load, path: /target/image.tar}}\n";
        Assert.Equal("changed=1 failures=0", await ApplyAsync(0, Load(image.Id())));
        Assert.Equal("changed=0 failures=0", await ApplyAsync(0, Load(image.Id())));
        Assert.Equal("changed=0 failures=1", await ApplyAsync(2, Load(other)));
        await Sandbox.Docker.Images.RemoveAsync($"{name}:1", force: true);
    }

    [Fact]
    public async Task The_supervisor_runs_from_its_digest_and_a_bad_one_is_rolled_back_and_said_so()
    {
        var good = await Sandbox.PushTestImageAsync(name, Image("true", "1"));
        var bad = await Sandbox.PushTestImageAsync(name, Image("exit 1", "2"));
        string Task(string image) => $"    - container_supervisor: {{image: '{image}', health_timeout: 20}}\n";
        Assert.Equal("changed=1 failures=0", await ApplyAsync(0, Task(good), "--check"));
        Assert.False((await Sandbox.Docker.Containers.InspectAsync(name)).IsSuccess);
        Assert.Equal("changed=1 failures=0", await ApplyAsync(0, Task(good)));
        var id = (await Sandbox.Docker.Containers.InspectAsync(name)).Value.Id;
        Assert.Equal("changed=0 failures=0", await ApplyAsync(0, Task(good)));
        Assert.Equal("changed=0 failures=1", await ApplyAsync(2, Task(bad)));
        var now = (await Sandbox.Docker.Containers.InspectAsync(name)).Value;
        Assert.Equal((id, good, true), (now.Id, now.Config.Image, now.State.Running));
    }

    [Fact]
    public async Task A_signed_playbook_changes_what_is_below_the_root_only()
    {
        var playbook = await gateway.WriteSignedAsync("""
            - name: Signed
              hosts: all
              gather_facts: false
              vars:
                release: {serial: 1, expires: 2099-01-01T00:00:00Z, targets: [all]}
              tasks:
                - file: {path: /target/app, state: directory, mode: "0750"}
                - copy: {content: "a\n", dest: /target/app/conf}
                  notify: Linked
                - apt: {name: coreutils, state: present}
              handlers:
                - name: Linked
                  file: {src: /target/app/conf, dest: /target/link, state: link}
            """ + "\n");
        var first = await gateway.RunAsync("apply", playbook, "--output", "json");
        Assert.True(first.ExitCode == 0, first.StandardError + first.StandardOutput);
        Assert.Equal("changed=3 failures=0", Counts(first.StandardOutput));
        Assert.Equal("a\n", await File.ReadAllTextAsync(gateway.At("target/app/conf")));
        Assert.Equal("changed=0 failures=0", Counts((await gateway.RunAsync("apply", playbook, "--output", "json")).StandardOutput));
    }

    [Fact]
    public async Task A_module_that_is_not_allowed_or_a_handler_that_is_not_there_is_refused_before_anything_ran()
    {
        await ConfigureAsync("allowed_modules: [copy]\n");
        const string Write = "    - copy: {content: x, dest: /target/file}\n";
        await RefusedAsync(3, Write + "    - command: reboot\n", "p.yml:6:7: module 'command' is not in allowed_modules");
        await RefusedAsync(4, Write + "      notify: Nobody\n", "p.yml:6:15: no handler of this play is named 'Nobody'");
        await RefusedAsync(4, Write + "    - copy: {content: x, dst: /target/other}\n", "p.yml:6:26: module 'copy' has no argument 'dst'; did you mean 'dest'?");
    }

    public async Task InitializeAsync()
    {
        gateway = await GatewayUnderTest.CreateAsync();
        File.CreateSymbolicLink(gateway.At("run/docker.sock"), Sandbox.DockerSocket);
        await ConfigureAsync("");
    }

    public async Task DisposeAsync()
    {
        foreach (var container in ImmutableArray.Create(name, $"{name}-previous", $"{name}-candidate", $"{name}-smoke"))
        {
            await Sandbox.Docker.Containers.RemoveAsync(container, force: true, volumes: true);
        }

        await gateway.DisposeAsync();
    }

    private static TestImage Image(string health, string version) => new()
    {
        Command = ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.1; done"],
        Labels = TestImage.Labelled(("version", version)),
        Healthcheck = TestImage.Check(health),
    };

    private Task ConfigureAsync(string more) => gateway.ConfigureAsync($"docker_socket: /run/docker.sock\nsupervisor: {{name: {name}}}\n{more}");

    private async Task<string> WriteAsync(string tasks)
    {
        var file = gateway.At("p.yml");
        await File.WriteAllTextAsync(file, $"- name: Test\n  hosts: all\n  gather_facts: false\n  tasks:\n{tasks}");
        return file;
    }

    private async Task<string> ApplyAsync(int status, string tasks, params string[] more)
    {
        var outcome = await gateway.RunAsync(["apply", await WriteAsync(tasks), "--unsigned", "--output", "json", .. more]);
        Assert.True(outcome.ExitCode == status, $"exit {outcome.ExitCode}\n{outcome.StandardError}\n{outcome.StandardOutput}");
        return Counts(outcome.StandardOutput);
    }

    private async Task RefusedAsync(int status, string tasks, string message)
    {
        var outcome = await gateway.RunAsync("apply", await WriteAsync(tasks), "--unsigned");
        Assert.Equal(status, outcome.ExitCode);
        Assert.Contains(message, outcome.StandardError, StringComparison.Ordinal);
        Assert.Null(gateway.Target);
    }

    private static string Counts(string json)
    {
        var stats = JsonNode.Parse(json)!["stats"]!["localhost"]!;
        return $"changed={stats["changed"]} failures={stats["failures"]}";
    }
}
